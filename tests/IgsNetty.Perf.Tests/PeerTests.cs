using System.Net;
using IgsNetty.Perf.Contenders;
using IgsNetty.Perf.Contenders.Peers;
using IgsNetty.Perf.Load;
using IgsNetty.Perf.Tests.Harness;
using Xunit;

namespace IgsNetty.Perf.Tests;

/// <summary>The real programs, where they are installed.</summary>
public sealed class PeerTests
{
    private static readonly string[] AllTcp = [TargetNames.Echo, TargetNames.Bulk, TargetNames.Connect, TargetNames.Http];

    [PeerFact("haproxy")]
    public void Haproxy_relays() => Relays("haproxy", AllTcp);

    [PeerFact("nginx")]
    public void Nginx_relays_datagrams_too() => Relays("nginx", [.. AllTcp, TargetNames.Udp]);

    [PeerFact("ssh")]
    public void Ssh_relays() => Relays("ssh", AllTcp);

    [PeerFact("socat")]
    public void Socat_relays() => Relays("socat", AllTcp);

    [PeerFact("v2ray")]
    public void V2ray_relays_what_does_not_end_by_itself() => Relays("v2ray", [TargetNames.Echo, TargetNames.Udp]);

    [PeerFact("dante")]
    public void Dante_relays_what_it_is_asked_for() => Relays("dante", [TargetNames.Socks]);

    [PeerFact("haproxy")]
    public void Haproxy_gets_another_port_when_one_was_taken_meanwhile() => GetsAnotherPort("haproxy");

    [PeerFact("nginx")]
    public void Nginx_gets_another_port_when_one_was_taken_meanwhile() => GetsAnotherPort("nginx");

    [PeerFact("ssh")]
    public void Ssh_gets_another_port_when_one_was_taken_meanwhile() => GetsAnotherPort("ssh");

    [PeerFact("socat")]
    public void Socat_gets_another_port_when_one_was_taken_meanwhile() => GetsAnotherPort("socat");

    [PeerFact("v2ray")]
    public void V2ray_gets_another_port_when_one_was_taken_meanwhile() => GetsAnotherPort("v2ray");

    [PeerFact("dante")]
    public void Dante_gets_another_port_when_one_was_taken_meanwhile() => GetsAnotherPort("dante");

    [Fact]
    public void One_that_is_not_installed_is_left_out() =>
        Assert.Equal(["there"], PeerCatalog.Installed([new FakePeer("absent", "igsnetty-no-such-program"), new FakePeer("there", "/bin/sh")]).Select(p => p.Name));

    /// <summary>Its processes are gone when it is stopped, and it is no way to what it does not relay.</summary>
    private static void Relays(string name, string[] reached)
    {
        using TargetSet targets = new(new Dictionary<string, IPEndPoint>());
        using PeerPair pair = new(PeerCatalog.All.Single(p => p.Name == name), targets);
        Contender contender = pair.Start(CancellationToken.None);
        Assert.Empty(reached.Except(contender.Addresses.Keys));
        Assert.Equal(ContenderKind.Peer, contender.Kind);
        Assert.Contains(contender.Version!, char.IsAsciiDigit);
        foreach (ITarget target in targets.All.Append(targets.Socks).Where(t => reached.Contains(t.Name)))
        {
            ContenderProbe.WaitUntilAnswered(contender, target, CancellationToken.None);
        }

        Assert.All(contender.GatewayMemory(), bytes => Assert.InRange(bytes, 1, long.MaxValue));
        pair.Stop();
        Assert.All(contender.Gateways, process => Assert.True(process.HasEnded));
    }

    /// <summary>Each program reports it in its own words.</summary>
    private static void GetsAnotherPort(string name)
    {
        using TargetSet targets = new(new Dictionary<string, IPEndPoint>());
        using TakenPortPeer peer = new(PeerCatalog.All.Single(p => p.Name == name));
        using PeerPair pair = new(peer, targets);
        Contender contender = pair.Start(CancellationToken.None);
        Assert.Equal(2, peer.Starts);
        Assert.All(contender.Gateways, process => Assert.False(process.HasEnded, process.State()));
        ITarget target = contender.Addresses.ContainsKey(TargetNames.Socks) ? targets.Socks : targets.Echo;
        ContenderProbe.WaitUntilAnswered(contender, target, CancellationToken.None);
    }

    private sealed class FakePeer(string name, string program) : IPeer
    {
        public string Name => name;

        public string Packages => name;

        public IReadOnlyList<string> Needs => [program];

        public IReadOnlyList<string> VersionCommand => [program];

        public void Start(RelayProcesses processes, IReadOnlyList<PeerForward> forwards, CancellationToken cancel) =>
            throw new InvalidOperationException("nobody starts it");
    }
}
