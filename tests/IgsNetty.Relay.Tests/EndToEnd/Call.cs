namespace IgsNetty.Relay.Tests.EndToEnd;

/// <summary>Two applications that talk over the link.</summary>
internal sealed class Call(Application caller, Application called)
{
    public Application Caller { get; } = caller;

    public Application Called { get; } = called;

    /// <summary>A gateway has opened the called application's socket.</summary>
    public bool IsConnected { get; set; }

    /// <summary>Both have heard each other's end, or were reset.</summary>
    public bool IsOver => IsOverAt(Caller) && (IsOverAt(Called) || !IsConnected);

    public bool WasReset => Caller.Socket.IsAborted || Called.Socket.IsAborted;

    private static bool IsOverAt(Application application) => !application.Socket.Active;
}
