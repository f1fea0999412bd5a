using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IgsNetty.Perf.Contenders;
using IgsNetty.Perf.Contenders.Peers;
using Xunit;

namespace IgsNetty.Perf.Tests;

public sealed class PeerConfigurationTests
{
    private static readonly PeerForward Echo = new("echo", IsUdp: false, Local(7101), Local(7001));
    private static readonly PeerForward Bulk = new("bulk", IsUdp: false, Local(7102), Local(7002));
    private static readonly PeerForward Udp = new("udp", IsUdp: true, Local(7103), Local(7003));

    [Fact]
    public void Haproxy_has_a_listener_for_each_forward()
    {
        string text = HaproxyPeer.Configuration([Echo, Bulk]);
        Assert.Contains("listen echo\n  bind 127.0.0.1:7101\n  server target 127.0.0.1:7001\n", text, StringComparison.Ordinal);
        Assert.Contains("listen bulk\n  bind 127.0.0.1:7102\n  server target 127.0.0.1:7002\n", text, StringComparison.Ordinal);
        Assert.Contains("mode tcp", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Nginx_takes_datagrams_where_they_come()
    {
        string text = NginxPeer.Configuration("/somewhere/a.pid", [Echo, Udp]);
        Assert.Contains("server { listen 127.0.0.1:7101 backlog=4096; proxy_pass 127.0.0.1:7001; }", text, StringComparison.Ordinal);
        Assert.Contains("server { listen 127.0.0.1:7103 udp; proxy_timeout 2s; proxy_pass 127.0.0.1:7003; }", text, StringComparison.Ordinal);
        Assert.Contains("pid /somewhere/a.pid;", text, StringComparison.Ordinal);
        Assert.Equal(text.Count(c => c == '{'), text.Count(c => c == '}'));
    }

    [Fact]
    public void Socat_keeps_the_other_way_open_after_an_end() =>
        Assert.Equal(
            ["-b", "65536", "-t", "60", "TCP-LISTEN:7101,bind=127.0.0.1,fork,reuseaddr,backlog=4096,nodelay", "TCP:127.0.0.1:7001,nodelay"],
            SocatPeer.Arguments(Echo));

    [Fact]
    public void Ssh_has_a_forward_for_each_target_and_asks_nobody()
    {
        string line = string.Join(' ', SshPeer.ClientArguments(Local(2222), "/somewhere/user", "/somewhere/known", [Echo, Bulk]));
        Assert.Contains("-L 127.0.0.1:7101:127.0.0.1:7001 -L 127.0.0.1:7102:127.0.0.1:7002 127.0.0.1", line, StringComparison.Ordinal);
        Assert.Contains("-F none -i /somewhere/user -p 2222", line, StringComparison.Ordinal);
        Assert.Contains("BatchMode=yes", line, StringComparison.Ordinal);
        Assert.Contains("UserKnownHostsFile=/somewhere/known", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Sshd_lets_in_the_one_key()
    {
        string[] lines = SshPeer.ServerConfiguration(Local(2222), "/somewhere/host", "/somewhere/user").Split('\n');
        Assert.Contains("ListenAddress 127.0.0.1:2222", lines);
        Assert.Contains("HostKey /somewhere/host", lines);
        Assert.Contains("AuthorizedKeysFile /somewhere/user.pub", lines);
        Assert.Contains("AuthenticationMethods publickey", lines);
    }

    [Fact]
    public void The_two_v2ray_know_each_other()
    {
        JsonNode called = V2rayPeer.CalledSide(Local(7200), "the-user");
        JsonNode calling = V2rayPeer.CallingSide(Local(7200), "the-user", [Echo, Udp]);
        Assert.Equal(7200, (int)called["inbounds"]![0]!["port"]!);
        JsonNode server = calling["outbounds"]![0]!["settings"]!["vnext"]![0]!;
        Assert.Equal(7200, (int)server["port"]!);
        Assert.Equal("the-user", (string)called["inbounds"]![0]!["settings"]!["clients"]![0]!["id"]!);
        Assert.Equal("the-user", (string)server["users"]![0]!["id"]!);
        Assert.True((bool)calling["outbounds"]![0]!["mux"]!["enabled"]!);
        Assert.Equal([("tcp", 7101, 7001), ("udp", 7103, 7003)], calling["inbounds"]!.AsArray().Select(DoorOf));
    }

    [Fact]
    public void Dante_takes_callers_of_this_machine_at_its_port()
    {
        string text = DantePeer.Configuration(Local(1080));
        Assert.Contains("internal: 127.0.0.1 port = 1080\n", text, StringComparison.Ordinal);
        MatchCollection rules = Regex.Matches(text, @"from: (\S+) to: (\S+)");
        Assert.Equal(2, rules.Count);
        Assert.All(rules, rule => Assert.Equal(["127.0.0.0/8", "127.0.0.0/8"], rule.Groups.Values.Skip(1).Select(g => g.Value)));
    }

    [Fact]
    public void Two_hops_meet_at_an_address_of_their_own()
    {
        using RelayProcesses processes = new();
        (IReadOnlyList<PeerForward> first, IReadOnlyList<PeerForward> second) = PeerForward.Chain(processes, [Echo, Udp]);
        Assert.Equal([Echo.Listen, Udp.Listen], first.Select(f => f.Listen));
        Assert.Equal([Echo.Target, Udp.Target], second.Select(f => f.Target));
        Assert.Equal(first.Select(f => f.Target), second.Select(f => f.Listen));
        Assert.Equal([false, true], second.Select(f => f.IsUdp));
    }

    private static (string Network, int Port, int Target) DoorOf(JsonNode? door) =>
        ((string)door!["settings"]!["network"]!, (int)door["port"]!, (int)door["settings"]!["port"]!);

    private static IPEndPoint Local(int port) => new(IPAddress.Loopback, port);
}
