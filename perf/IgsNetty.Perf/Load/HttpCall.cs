using System.Net.Sockets;

namespace IgsNetty.Perf.Load;

/// <summary>One connection of the HTTP target. It reads no more while bytes wait to be sent.</summary>
internal sealed class HttpCall(Socket socket, ReadinessPoller poller) : ITargetCall
{
    private static readonly byte[] HeadEnd = [.. "\r\n\r\n"u8];

    private byte[] _unsent = [];
    private int _matched; // bytes of the end of a head that came last

    public bool OnReady(byte[] buffer)
    {
        if (_unsent.Length > 0)
        {
            return TrySend(_unsent);
        }

        int received = socket.Receive(buffer, SocketFlags.None, out SocketError error);
        if (error == SocketError.WouldBlock)
        {
            return true;
        }

        int requests = error == SocketError.Success ? Count(buffer.AsSpan(0, received)) : 0;
        return error == SocketError.Success && received > 0 && (requests == 0 || TrySend(Answers(requests)));
    }

    public void Close() => socket.Dispose();

    private static byte[] Answers(int requests) =>
        requests == 1 ? HttpExchange.Answer : [.. Enumerable.Repeat(HttpExchange.Answer, requests).SelectMany(answer => answer)];

    // Requests have no body: each ends with its head.
    private int Count(ReadOnlySpan<byte> bytes)
    {
        int requests = 0;
        foreach (byte next in bytes)
        {
            _matched = next == HeadEnd[_matched] ? _matched + 1 : next == HeadEnd[0] ? 1 : 0;
            if (_matched == HeadEnd.Length)
            {
                requests++;
                _matched = 0;
            }
        }

        return requests;
    }

    private bool TrySend(ReadOnlySpan<byte> bytes)
    {
        int sent = socket.Send(bytes, SocketFlags.None, out SocketError error);
        if (error is not (SocketError.Success or SocketError.WouldBlock))
        {
            return false;
        }

        bool waited = _unsent.Length > 0;
        _unsent = sent == bytes.Length ? [] : bytes[sent..].ToArray();
        if (waited != _unsent.Length > 0)
        {
            poller.Watch(socket, read: _unsent.Length == 0, write: _unsent.Length > 0);
        }

        return true;
    }
}
