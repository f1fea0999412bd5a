using System.Net.Sockets;

namespace IgsNetty.Perf.Load;

/// <summary>One call of the echo target. It reads no more while bytes wait to be sent back.</summary>
internal sealed class EchoCall(Socket socket, ReadinessPoller poller) : ITargetCall
{
    private byte[] _unsent = [];

    public bool OnReady(byte[] buffer)
    {
        if (_unsent.Length > 0)
        {
            if (!TrySend(_unsent))
            {
                return false;
            }

            if (_unsent.Length == 0)
            {
                poller.Watch(socket, read: true, write: false);
            }

            return true;
        }

        int received = socket.Receive(buffer, SocketFlags.None, out SocketError error);
        if (error == SocketError.WouldBlock)
        {
            return true;
        }

        if (error != SocketError.Success || received == 0 || !TrySend(buffer.AsSpan(0, received)))
        {
            return false;
        }

        if (_unsent.Length > 0)
        {
            poller.Watch(socket, read: false, write: true);
        }

        return true;
    }

    public void Close() => socket.Dispose();

    private bool TrySend(ReadOnlySpan<byte> bytes)
    {
        int sent = socket.Send(bytes, SocketFlags.None, out SocketError error);
        if (error is not (SocketError.Success or SocketError.WouldBlock))
        {
            return false;
        }

        _unsent = sent == bytes.Length ? [] : bytes[sent..].ToArray();
        return true;
    }
}
