namespace IgsNetty.Perf.Contenders.Bare;

/// <summary>Hears of its sockets on the loop's thread.</summary>
internal interface IBareTarget
{
    /// <param name="socket">Which one.</param>
    /// <param name="isReadable">There is something to receive, an end perhaps, or a call to accept.</param>
    /// <param name="hasEnded">The other side has ended or failed: read to the end, however short a read is.</param>
    void OnReady(int socket, bool isReadable, bool hasEnded);
}
