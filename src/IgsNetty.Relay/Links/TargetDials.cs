using IgsNetty.Protocol.Messages;
using IgsNetty.Relay.FlowControl;
using IgsNetty.Relay.Streams;
using IgsNetty.Relay.Targets;
using IgsNetty.Transport;

namespace IgsNetty.Relay.Links;

/// <summary>
/// Dials the targets of the streams that the peer of one link opens: when the frames that came with them have been read, so that one
/// which is reset at once costs no dialling, and when the loop has a turn for the link (<see cref="DialTurns"/>). Loop only.
/// </summary>
internal sealed class TargetDials(Link link)
{
    private readonly Queue<(RelayStream Stream, OpenStream Open)> _waiting = new();
    private bool _hasTurn;

    /// <summary>
    /// Targets that are dialled, or about to be, for streams which are over already: until that has ended it is counted, so that who
    /// opens and resets without end does not have more and more of them under way.
    /// </summary>
    public int Abandoned { get; private set; }

    /// <summary>The stream gets its target's socket when it is its turn, or is reset.</summary>
    public void Add(RelayStream stream, OpenStream open)
    {
        stream.Dialling = new CancellationTokenSource();
        _waiting.Enqueue((stream, open));
        if (!_hasTurn)
        {
            _hasTurn = true;
            link.Loop.DialTurns.Add(this);
        }
    }

    /// <summary>The stream is over before its target answered: gives the dialling up.</summary>
    public void Abandon(CancellationTokenSource dialling)
    {
        Abandoned++;
        link.Loop.Loop.Execute(dialling.Cancel); // not in the middle of a frame: it closes a socket, and calls back
    }

    /// <summary>Dials the next target.</summary>
    /// <returns>Whether another waits.</returns>
    public bool TakeTurn()
    {
        while (_waiting.TryDequeue(out (RelayStream Stream, OpenStream Open) next))
        {
            if (next.Stream.Dialling is { } dialling)
            {
                _ = DialAsync(next.Stream, next.Open, dialling.Token);
                break;
            }

            Abandoned--;
        }

        _hasTurn = _waiting.Count > 0;
        return _hasTurn;
    }

    private async Task DialAsync(RelayStream stream, OpenStream open, CancellationToken abandoned)
    {
        CallOrigin origin = CallOrigin.Of(link.Peer, open.Caller?.Address);
        ConnectResult result = await link.Context.Connector.ConnectAsync(open.Target, origin, link.Loop.Loop, abandoned);
        await link.Loop.Loop.SwitchTo();
        link.ChargeAttempts(result.Attempts);
        bool isOver = stream.Dialling is null;
        stream.Dialling = null;
        Abandoned -= isOver ? 1 : 0;
        if (result.Socket is { } socket)
        {
            stream.Accept(socket, link.Context.Pipeline.StartWindowBytes - FlowControlDefaults.EarlyWindowBytes);
        }
        else if (!isOver)
        {
            link.OnTargetRefused(stream, result.Reason);
        }
    }
}
