using IgsNetty.TestKit.Channels;

namespace IgsNetty.Relay.Tests.EndToEnd;

/// <summary>A TCP connection between two embedded sockets: it carries what one sent to the other, cut anywhere.</summary>
internal sealed class Wire(EmbeddedStreamSocket from, EmbeddedStreamSocket to, Random random)
{
    private readonly Queue<byte> _underWay = new();

    public bool IsEmpty => _underWay.Count == 0 && from.Output.Sent.IsEmpty;

    /// <summary>Takes from the sender's kernel, and gives the receiver one read of at most this size.</summary>
    public void Carry(int most)
    {
        foreach (byte b in from.Output.Take())
        {
            _underWay.Enqueue(b);
        }

        byte[] piece = new byte[Math.Min(_underWay.Count, random.Next(1, most + 1))];
        for (int i = 0; i < piece.Length; i++)
        {
            piece[i] = _underWay.Dequeue();
        }

        if (piece.Length > 0)
        {
            to.Receive(piece);
        }
    }
}
