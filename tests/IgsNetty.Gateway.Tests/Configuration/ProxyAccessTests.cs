using System.Net;
using IgsNetty.Gateway.Configuration;
using Xunit;

namespace IgsNetty.Gateway.Tests.Configuration;

/// <summary>Who may use the proxy: addresses and hashed passwords.</summary>
public sealed class ProxyAccessTests
{
    private const string Hash = "$pbkdf2-sha256$29000$N2YMIWQsBWBMae09x1jrPQ$1t8iyB2A.WF/Z5JZv.lfCIhXXN33N23OSgQYThBYRfk";

    [Fact]
    public void Clients_are_addresses_and_blocks()
    {
        IReadOnlyList<IPNetwork> clients = Loading.Valid(Loading.Json("""{ "Proxy": { "Clients": [ "10.0.0.0/8", "127.0.0.1", "fd00::/8" ] } }""")).Proxy.Clients;
        Assert.Equal(["10.0.0.0/8", "127.0.0.1/32", "fd00::/8"], clients.Select(client => client.ToString()));
    }

    [Fact]
    public void None_means_everybody() => Assert.Empty(Loading.Valid(Loading.Json("""{ "Proxy": { } }""")).Proxy.Clients);

    [Theory]
    [InlineData("""[ "*" ]""", "Proxy:Clients:0", "not '*' or a name")]
    [InlineData("""[ "10.0.0.1", "db.example" ]""", "Proxy:Clients:1", "not '*' or a name")]
    [InlineData("""[ "10.0.0.1/8" ]""", "Proxy:Clients:0", "address bits beyond /8")]
    [InlineData("[ ]", "Proxy:Clients", "nobody could use the proxy")]
    [InlineData("\"10.0.0.1\"", "Proxy:Clients", "must be a list")]
    public void Wrong_clients_are_told(string clients, string key, string part) =>
        Loading.OneError(Loading.Json($$"""{ "Proxy": { "Clients": {{clients}} } }"""), key, part);

    [Fact]
    public void They_do_not_stand_in_for_users() =>
        Loading.OneError(Loading.Json("""{ "Proxy": { "Listen": "0.0.0.0:0", "Clients": [ "10.0.0.0/8" ] } }"""), "Proxy:Listen", "set Proxy:Users");

    [Fact]
    public void A_hash_is_kept_and_not_warned_of()
    {
        GatewayConfiguration configuration = Loading.Valid(Loading.Json($$"""{ "Proxy": { "Users": { "alice": "{{Hash}}" } } }"""));
        Assert.Equal(Hash, configuration.Proxy.Users["alice"]);
        Assert.Empty(configuration.Warnings);
    }

    [Fact]
    public void A_password_as_it_is_works_and_is_warned_of()
    {
        GatewayConfiguration configuration = Loading.Valid(Loading.Json($$"""{ "Proxy": { "Users": { "alice": "{{Hash}}", "bob": "plain", "carol": "plain too" } } }"""));
        Assert.Equal("plain", configuration.Proxy.Users["bob"]);
        string warning = Assert.Single(configuration.Warnings);
        Assert.StartsWith("Proxy:Users: 2 of the passwords", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("plain", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("shared", true)]
    [InlineData("own", false)]
    [InlineData("20400-20999", false)]
    public void A_UDP_port_that_users_share_is_warned_of(string ports, bool isWarned)
    {
        GatewayConfiguration configuration = Loading.Valid(
            Loading.Json($$"""{ "Proxy": { "Users": { "alice": "{{Hash}}" }, "UdpPorts": "{{ports}}" } }"""));
        Assert.Equal(isWarned ? 1 : 0, configuration.Warnings.Count(warning => warning.StartsWith("Proxy:UdpPorts: is 'shared'", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_only_begins_like_a_hash_is_an_error_and_not_a_password() =>
        Loading.OneError(Loading.Json($$"""{ "Proxy": { "Users": { "alice": "{{Hash[..^3]}}" } } }"""), "Proxy:Users:alice", "make one with 'igsnetty hash-password'");
}
