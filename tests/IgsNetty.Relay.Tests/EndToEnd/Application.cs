using IgsNetty.TestKit.Buffers;
using IgsNetty.TestKit.Channels;

namespace IgsNetty.Relay.Tests.EndToEnd;

/// <summary>An application at one end of a call: sends what it has to say and then FIN, reads what comes as fast as it likes.</summary>
internal sealed class Application(EmbeddedStreamSocket socket, int seed, int bytes, Random random)
{
    private const int MostUnread = 60_000; // what its kernel takes while the gateway does not read

    private readonly byte[] _speech = RandomBytes.Make(seed, bytes);
    private readonly List<byte> _heard = [];
    private int _said;
    private bool _ended;

    public EmbeddedStreamSocket Socket => socket;

    public ReadOnlySpan<byte> Speech => _speech;

    /// <summary>Bytes it has sent.</summary>
    public int Said => _said;

    /// <summary>All bytes that reached its kernel.</summary>
    public byte[] Heard => [.. _heard, .. socket.Output.Sent];

    /// <summary>It was told the other's end, after all bytes.</summary>
    public bool HasHeardEnd => socket.IsOutputShut;

    public void Act()
    {
        if (random.Next(2) == 0)
        {
            Say();
        }
        else
        {
            socket.Output.Drain(random.Next(1, 40_000));
        }

        _heard.AddRange(socket.Output.Take());
    }

    private void Say()
    {
        int size = Math.Min(random.Next(3) == 0 ? random.Next(1, 65_000) : random.Next(1, 3000), _speech.Length - _said);
        if (size > 0 && socket.UnreadBytes < MostUnread)
        {
            socket.Receive(_speech.AsSpan(_said, size));
            _said += size;
        }
        else if (size == 0 && !_ended)
        {
            _ended = true;
            socket.ReceiveEnd();
        }
    }
}
