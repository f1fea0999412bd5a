using IgsNetty.Transport.Epoll.Native;
using IgsNetty.Transport.Sockets;

namespace IgsNetty.Transport.Epoll;

/// <content>The receiving side.</content>
internal sealed partial class EpollDatagramSocket
{
    private void TakeTurn()
    {
        TimeSpan pause = _handler!.OnReadable();
        if (pause > TimeSpan.Zero)
        {
            _isQueued = true;
            _loop.Schedule(this, pause);
            return;
        }

        bool more = ReceiveTurn();
        _handler.OnReadComplete();
        if (_readOuts is not null && !_closed && !more)
        {
            _readOuts.OnEmpty();
        }

        if (more && !_closed)
        {
            _isQueued = true; // epoll does not tell again of what is left
            _loop.Execute(this);
        }
    }

    /// <returns>False when nothing is left.</returns>
    private bool ReceiveTurn()
    {
        DatagramBatch batch = _loop.Datagrams;
        for (int left = SocketDatagrams.DatagramsPerTurn; left > 0;)
        {
            int count = Receive(batch, out Errno error);
            if (count < 0)
            {
                if (error == Errno.Again)
                {
                    return false;
                }

                _reports!.Take(error.ToSocketError());
                left--;
                continue;
            }

            for (int i = 0; i < count && !_closed; i++)
            {
                left -= DeliverMessage(batch, i);
            }

            _readOuts?.OnReceived(count);

            // A batch that is not full was the last one, or ended at an error: who waits for the last one asks again.
            if (_closed || (count < DatagramBatch.MostMessages && _readOuts is not { IsEmpty: false }))
            {
                return false;
            }
        }

        return true;
    }

    private int Receive(DatagramBatch batch, out Errno error)
    {
        try
        {
            int count = batch.Receive(_descriptor, true);
            error = count < 0 ? ErrnoExtensions.Last() : Errno.None;
            return count;
        }
        catch (ObjectDisposedException)
        {
            error = Errno.Again; // closed meanwhile: there is nothing any more
            return -1;
        }
    }

    // Datagrams of one sender and one size may come joined (GRO), the last of them shorter.
    private int DeliverMessage(DatagramBatch batch, int message)
    {
        ControlMessages controls = batch.Controls(message);
        UdpAddress source = batch.Source(message, IsIPv6);
        source = _addressing?.Tell(source, controls) ?? source;
        ReadOnlySpan<byte> payload = batch.Payload(message);
        int size = controls.SegmentSize();
        int count = 1;
        for (; size > 0 && payload.Length > size && !_closed; count++)
        {
            Deliver(source, payload[..size]);
            payload = payload[size..];
        }

        if (!_closed)
        {
            Deliver(source, payload);
        }

        return count;
    }

    private void Deliver(in UdpAddress source, ReadOnlySpan<byte> payload)
    {
        try
        {
            _handler!.OnDatagram(source, payload);
        }
        catch (Exception e)
        {
            TransportLog.DatagramFailed(_logger, e, Address); // one datagram; the socket must outlive it
        }
    }
}
