using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Streams;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Relay;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Harness;

/// <summary>Brings a stream of a link into a <see cref="StreamSituation"/>, by frames and local sockets only.</summary>
internal sealed class Situations(LinkUnderTest link, Func<EmbeddedStreamSocket> newSocket)
{
    /// <returns>The stream's ID.</returns>
    public uint Bring(StreamSituation situation)
    {
        uint id = situation switch
        {
            StreamSituation.OwnIdNeverOpened => link.Own(),
            StreamSituation.TheirIdNeverOpened => link.Theirs(),
            < StreamSituation.AcceptorConnects => Opener(situation),
            _ => Acceptor(situation),
        };
        Assert.False(link.IsClosed);
        _ = link.Sent();
        return id;
    }

    private uint Opener(StreamSituation situation)
    {
        RelayStream stream = link.Open();
        EmbeddedStreamSocket local = newSocket();
        stream.Attach(local);
        bool waits = situation is StreamSituation.OpenerWaits or StreamSituation.OpenerWaitsAndHasEnded;
        if (!waits)
        {
            Assert.Empty(link.Receive(FrameStream.Opened(stream.Id)));
        }

        if (situation is StreamSituation.OpenerWaitsAndHasEnded or StreamSituation.OpenerHasEnded or StreamSituation.OpenerOver)
        {
            local.ReceiveEnd();
            Assert.Equal(FrameType.EndOfStream, Assert.Single(link.Sent()).Type);
        }

        if (situation is StreamSituation.OpenerHasGotEnd or StreamSituation.OpenerOver)
        {
            Assert.Empty(link.Receive(FrameStream.End(stream.Id)));
        }
        else if (situation is StreamSituation.OpenerWasReset)
        {
            Assert.Empty(link.Receive(FrameStream.Reset(stream.Id, ResetReason.Cancelled)));
        }
        else if (situation is StreamSituation.OpenerHasReset)
        {
            stream.Reset(ResetReason.Cancelled);
        }

        return stream.Id;
    }

    private uint Acceptor(StreamSituation situation)
    {
        uint id = link.Theirs();
        ConnectRequest request = link.Accept(id);
        EmbeddedStreamSocket local = newSocket();
        if (situation is StreamSituation.AcceptorRefused)
        {
            request.Fail(ResetReason.ConnectionRefused);
            return id;
        }

        if (situation is StreamSituation.AcceptorConnectsAfterEnd)
        {
            Assert.Empty(link.Receive(FrameStream.End(id)));
        }

        if (situation is StreamSituation.AcceptorConnects or StreamSituation.AcceptorConnectsAfterEnd)
        {
            return id;
        }

        request.Connect(local);
        Assert.Equal(FrameType.StreamOpened, Assert.Single(link.Sent()).Type);
        if (situation is StreamSituation.AcceptorHasEnded or StreamSituation.AcceptorOver)
        {
            local.ReceiveEnd();
            Assert.Equal(FrameType.EndOfStream, Assert.Single(link.Sent()).Type);
        }

        if (situation is StreamSituation.AcceptorHasGotEnd or StreamSituation.AcceptorOver)
        {
            Assert.Empty(link.Receive(FrameStream.End(id)));
        }
        else if (situation is StreamSituation.AcceptorWasReset)
        {
            Assert.Empty(link.Receive(FrameStream.Reset(id, ResetReason.Cancelled)));
        }

        return id;
    }
}
