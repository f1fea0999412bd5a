using System.Net;

namespace IgsNetty.Transport.Epoll;

/// <summary>The end points of those who have sent lately, so that the next datagram of one of them costs no object.</summary>
internal sealed class SenderCache
{
    private const int MostSenders = 1024;

    private readonly Dictionary<UdpAddress, IPEndPoint> _senders = [];
    private UdpAddress _last;
    private IPEndPoint? _lastEndPoint;

    public IPEndPoint EndPoint(in UdpAddress sender)
    {
        if (_lastEndPoint is not null && sender == _last)
        {
            return _lastEndPoint;
        }

        if (!_senders.TryGetValue(sender, out IPEndPoint? endPoint))
        {
            if (_senders.Count == MostSenders)
            {
                _senders.Clear();
            }

            endPoint = sender.ToEndPoint();
            _senders.Add(sender, endPoint);
        }

        _last = sender;
        _lastEndPoint = endPoint;
        return endPoint;
    }
}
