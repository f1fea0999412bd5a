using System.Net;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Routing;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Relay;
using IgsNetty.TestKit.Wire;
using IgsNetty.Transport;
using Xunit;

namespace IgsNetty.Relay.Tests.Harness;

/// <summary>A test of UDP flows. Datagrams are written "address bytes-in-hex", and "target" stands for the flow's own target.</summary>
public abstract class DatagramTest : RelayTest
{
    private readonly List<DatagramFlow> _flows = [];

    private protected const string Target = "10.1.2.3:53";

    /// <summary>Timers of a link that has no flows.</summary>
    private protected const int KeepAlives = 1;

    private protected static LinkSettings Open { get; } = new() { Access = Udp.Everybody, PeerMaxPayload = FrameLimits.MaxPayload };

    private protected static UdpAddress Client { get; } = Udp.Address("192.168.0.7:40000");

    private protected static string[] Datagrams(IEnumerable<WireFrame> frames) =>
        [.. frames.Select(frame => $"{frame.StreamId} {frame.DatagramAddress ?? "target"} {Convert.ToHexStringLower(frame.DatagramBytes)}")];

    /// <summary>What a socket has sent since the last look.</summary>
    private protected static string[] Sent(FakeDatagramSocket socket) =>
        [.. socket.TakeSent().Select(sent => $"{sent.To} {Convert.ToHexStringLower(sent.Payload)}")];

    /// <summary>The n-th reply port, from 0.</summary>
    private protected static FakeDatagramSocket Port(LinkUnderTest link, int n = 0) => link.Transport.Datagrams.Where(socket => !socket.IsSendOnly).ElementAt(n);

    /// <summary>The peer opens a flow and sends one datagram to its target.</summary>
    /// <returns>The flow's reply port.</returns>
    private protected static FakeDatagramSocket Accept(LinkUnderTest link, uint id, int timeout = 10, ReplyFilter filter = ReplyFilter.Address)
    {
        int before = link.Transport.Datagrams.Count;
        Assert.Empty(link.Receive(FrameStream.OpenUdp(id, Target, timeout, filter), FrameStream.Datagram(id, null, 0xAA)));
        FakeDatagramSocket port = Assert.Single(link.Transport.Datagrams.Skip(before));
        Assert.Equal([$"{Target} aa"], Sent(port));
        return port;
    }

    private protected static FlowAddress To(string address)
    {
        Assert.True(TargetAddress.TryParse(address, out TargetAddress target, out string error), error);
        return FlowAddress.From(target);
    }

    private protected static FlowRequest Request(string via = "site-b", int timeout = 10, ReplyFilter filter = ReplyFilter.Address) => new()
    {
        Client = Client,
        From = AccessPolicy.Local,
        Via = via,
        Target = TargetAddress.FromEndPoint(IPEndPoint.Parse(Target)),
        Options = new DatagramOptions { ResponseTimeoutSeconds = timeout, ReplyFilter = filter },
    };

    /// <summary>A flow of a caller at this gateway.</summary>
    private protected DatagramFlow Flow(LinkUnderTest link, out RecordingCaller caller, FlowRequest? request = null)
    {
        caller = new RecordingCaller();
        return Flow(new FlowService(link.RelayLoop, link.Link.Context), caller, request);
    }

    private protected DatagramFlow Flow(FlowService service, RecordingCaller caller, FlowRequest? request = null)
    {
        DatagramFlow? flow = service.TryOpen(request ?? Request(), caller, () => { });
        Assert.NotNull(flow);
        _flows.Add(flow);
        return flow;
    }

    private protected override void End() => _flows.ForEach(flow => flow.Close());

    private protected int Lines(int id) => Log.Entries.Count(entry => entry.Id.Id == id);
}
