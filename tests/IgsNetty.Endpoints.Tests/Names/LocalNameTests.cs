using IgsNetty.Endpoints.Names;
using IgsNetty.TestKit.Names;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Names;

/// <summary>Names that need no name server, and the files that the system's names are in.</summary>
public sealed class LocalNameTests : ResolverTest
{
    private const string Hosts = """
        # a comment
        10.1.2.3   db.plant.example db   # another
        10.1.2.4   DB
        2001:db8::7	six
        not-an-address broken
        10.1.2.5
        """;

    [Theory]
    [InlineData("db", "Found 10.1.2.3 10.1.2.4")]
    [InlineData("db.plant.example", "Found 10.1.2.3")]
    [InlineData("six", "Found 2001:db8::7")]
    public async Task The_hosts_file_answers_without_a_server(string host, string result)
    {
        Assert.Equal(result, await AskAsync(Resolver(hosts: Hosts), host));
        Assert.Empty(Server.Asked);
    }

    [Fact]
    public async Task What_the_hosts_file_does_not_know_is_asked_for()
    {
        Server.Set("broken", DnsAnswer.Of("10.9.9.9"), DnsAnswer.NoData);
        Assert.Equal("Found 10.9.9.9", await AskAsync(Resolver(hosts: Hosts), "broken"));
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("db.localhost")]
    public async Task Localhost_is_loopback_and_no_server_hears_of_it(string host)
    {
        Assert.Equal(["127.0.0.1", "::1", "Found"], (await AskAsync(Resolver(), host)).Split(' ').Order(StringComparer.Ordinal));
        Assert.Equal("Found 10.1.2.3", await AskAsync(Resolver(hosts: $"10.1.2.3 {host}"), host));
        Assert.Empty(Server.Asked);
    }

    [Fact]
    public void A_resolv_conf_is_read_as_the_system_reads_it()
    {
        DnsSettings settings = DnsSettings.Parse("""
            # comment
            ; nameserver 10.0.0.9
            domain old.example
            search Plant.example. corp.example
            nameserver 10.0.0.1
            nameserver fe80::1%1
            nameserver nonsense
            nameserver 10.0.0.3
            nameserver 10.0.0.4
            options ndots:3 timeout:2 attempts:4 rotate edns0
            options use-vc ndots:x
            """);
        Assert.Equal(["10.0.0.1", "fe80::1%1", "10.0.0.3"], settings.Servers.Select(server => server.Address.ToString()));
        Assert.All(settings.Servers, server => Assert.Equal(53, server.Port));
        Assert.Equal(["plant.example", "corp.example"], settings.Search);
        Assert.Equal((3, 4, true, true), (settings.Dots, settings.Attempts, settings.Rotate, settings.UseTcp));
        Assert.Equal(TimeSpan.FromSeconds(2), settings.Timeout);
    }

    [Fact]
    public void Without_a_resolv_conf_this_machine_is_asked()
    {
        DnsSettings settings = DnsSettings.Parse("options timeout:99 attempts:99 ndots:99\n");
        Assert.Equal("127.0.0.1:53", Assert.Single(settings.Servers).ToString());
        Assert.Equal((TimeSpan.FromSeconds(30), 5, 15), (settings.Timeout, settings.Attempts, settings.Dots));
    }

    [Fact]
    public async Task A_file_that_changes_is_read_again()
    {
        string folder = Directory.CreateTempSubdirectory("igsnetty-names-").FullName;
        string path = Path.Combine(folder, "hosts");
        try
        {
            WatchedFile<string> file = new(path, text => text, "none");
            Assert.Equal("none", await file.CurrentAsync());
            await File.WriteAllTextAsync(path, "one");
            Assert.Equal("one", await file.CurrentAsync());
            await File.WriteAllTextAsync(path, "three");
            Assert.Equal("three", await file.CurrentAsync());
            string other = path + ".new";
            await File.WriteAllTextAsync(other, "three and more");
            File.Delete(path);
            File.CreateSymbolicLink(path, other);
            Assert.Equal("three and more", await file.CurrentAsync());
            await File.WriteAllTextAsync(other, "four");
            Assert.Equal("four", await file.CurrentAsync());
            File.Delete(other);
            Assert.Equal("none", await file.CurrentAsync());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(ResolverKind.Auto, true, "", ResolverKind.Dns)]
    [InlineData(ResolverKind.Auto, true, "passwd: files ldap\nhosts: files dns # ldap\n", ResolverKind.Dns)]
    [InlineData(ResolverKind.Auto, true, "hosts: mymachines resolve [!UNAVAIL=return] files myhostname dns", ResolverKind.Dns)]
    [InlineData(ResolverKind.Auto, true, "hosts: files mdns4_minimal [NOTFOUND=return] dns", ResolverKind.Dns)]
    [InlineData(ResolverKind.Auto, true, "hosts:\tfiles ldap dns", ResolverKind.System)]
    [InlineData(ResolverKind.Auto, false, "", ResolverKind.System)]
    [InlineData(ResolverKind.Dns, true, "hosts: files ldap", ResolverKind.Dns)]
    [InlineData(ResolverKind.System, true, "hosts: files dns", ResolverKind.System)]
    public void The_systems_resolver_is_taken_where_it_asks_more_than_files_and_DNS(ResolverKind wanted, bool isLinux, string text, ResolverKind taken) =>
        Assert.Equal(taken, ResolverChoice.Make(wanted, isLinux, text).Kind);
}
