using DotNetty.Buffers;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Messages;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Diagnostics;
using IgsNetty.Relay.Links;
using IgsNetty.Transport;

namespace IgsNetty.Relay.Datagrams;

/// <summary>The UDP side of a link. On its loop, but for what says otherwise.</summary>
internal sealed class LinkDatagrams(Link link)
{
    private readonly HandOver _handOver = new(link.Loop, link.Allocator);
    private int _expected;

    /// <summary>Carries datagrams that await no reply.</summary>
    public DatagramStream Unanswered { get; } = new(link, 0);

    /// <summary>Streams that another loop is about to open. Any thread.</summary>
    public int Expected => Volatile.Read(ref _expected);

    /// <summary>Counts a stream that is about to be opened from another loop, so that the next one sees it. Any thread.</summary>
    public void Expect() => Interlocked.Increment(ref _expected);

    /// <summary>It has been opened, or not.</summary>
    public void OnExpected() => Interlocked.Decrement(ref _expected);

    /// <summary>Brings a datagram from another loop to this link's. Any thread.</summary>
    /// <returns>False when too much is under way: it is dropped.</returns>
    public bool TryHandOver(in FlowAddress address, ReadOnlySpan<byte> payload, object to, Action<object, IByteBuffer, LoopTotals> arrive) =>
        _handOver.TryPost(address, payload, to, arrive);

    /// <summary>The peer opens a UDP flow.</summary>
    public void Accept(uint id, OpenStream open)
    {
        DatagramStream stream = new(link, id);
        link.Track(stream);
        DatagramOptions options = new() { ResponseTimeoutSeconds = open.UdpResponseTimeoutSeconds, ReplyFilter = open.ReplyFilter };
        ReplyPort? port = link.Loop.ReplyPorts.TryOpen(new ReplyPortRequest(link.Peer, open.Caller, open.Target, options) { Peer = link.Peer }, stream);
        if (port is null)
        {
            stream.End(null, ResetReason.LimitExceeded);
        }
        else
        {
            stream.Attach(port);
        }
    }

    /// <summary>A datagram from the peer.</summary>
    public Breach? OnDatagram(uint id, in Datagram datagram)
    {
        if (!link.HasDatagrams)
        {
            return new Breach(GoAwayReason.ProtocolError, "Datagram without the capability");
        }

        FlowAddress address = datagram.IsToTarget ? FlowAddress.OfTarget
            : datagram.Name is { } name ? new FlowAddress(default, name)
            : new FlowAddress(UdpAddress.FromOctets(datagram.Octets, datagram.Port), null);
        if (id != 0)
        {
            if (address.Name is not null && link.IsOwn(id))
            {
                return new Breach(GoAwayReason.ProtocolError, $"stream {id}: a Datagram whose source is a host name");
            }

            DatagramStream? stream = link.Lookup<DatagramStream>(FrameType.Datagram, id, out Breach? breach);
            stream?.OnDatagram(address, datagram.Payload);
            return breach;
        }

        if (address.IsTarget)
        {
            return new Breach(GoAwayReason.ProtocolError, "a Datagram on stream 0 with no target");
        }

        link.Loop.ReplyPorts.SendOnce(link.Peer, default, address, datagram.Payload);
        return null;
    }

    /// <summary>The link has closed.</summary>
    public void OnLinkClosed() => Unanswered.OnLinkClosed();
}
