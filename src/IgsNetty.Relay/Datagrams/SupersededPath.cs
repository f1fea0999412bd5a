namespace IgsNetty.Relay.Datagrams;

/// <summary>A way that its flow has left, because its link takes nothing new: replies come by it until the response timeout.</summary>
internal sealed class SupersededPath(IDatagramPath path, long since, long idleLimit) : IIdle
{
    public long LastUsed => since;

    public long IdleLimit => idleLimit;

    public bool IsOver { get; private set; }

    public void OnIdle()
    {
        IsOver = true;
        path.End(null, null);
    }
}
