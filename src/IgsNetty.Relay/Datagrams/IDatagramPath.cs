namespace IgsNetty.Relay.Datagrams;

/// <summary>A flow's way to its targets.</summary>
internal interface IDatagramPath : IDatagramSink
{
    /// <summary>False when it has ended, or its link takes nothing new: the flow's next datagram opens another.</summary>
    bool IsLive { get; }
}
