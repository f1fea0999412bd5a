namespace IgsNetty.Perf.Load;

/// <summary>Which way the bytes of a bulk stream go; the value is its first byte on the wire.</summary>
internal enum BulkDirection : byte
{
    /// <summary>From the calling side to the called side.</summary>
    Upload = (byte)'U',

    /// <summary>From the called side to the calling side.</summary>
    Download = (byte)'D',

    /// <summary>Both ways at once.</summary>
    Both = (byte)'B',
}
