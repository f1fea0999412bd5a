namespace IgsNetty.Relay.FlowControl;

/// <summary>Numbers of flow control that were settled by measurement (docs/performance.md).</summary>
public static class FlowControlDefaults
{
    /// <summary>What a stream may send before its far connection stands: enough for a request, little to hold for a dead target.</summary>
    public const int EarlyWindowBytes = 64 * 1024;

    /// <summary>A stream's window once it stands.</summary>
    public const int StartWindowBytes = 384 * 1024;

    /// <summary>The most a window grows to on a long path.</summary>
    public const int MaxWindowBytes = 32 * 1024 * 1024;

    /// <summary>The most it grows to where the round trip is short: beyond it, bytes only fall out of the cache.</summary>
    public const int MaxShortPathWindowBytes = 1024 * 1024;

    /// <summary>Round trips below this are a short path.</summary>
    public static readonly TimeSpan ShortPath = TimeSpan.FromMilliseconds(2);

    /// <summary>Round trips of TCP itself below this are a path so near that a small send buffer fills it.</summary>
    public static readonly TimeSpan NearPath = TimeSpan.FromMicroseconds(500);
}
