using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using Microsoft.Extensions.Logging;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>What a suite wants its transport to be made of.</summary>
/// <param name="Loops">Event loops.</param>
/// <param name="Allocator">The pool for all channels; the suite counts what is not given back.</param>
/// <param name="ReceiveBuffers">How receive buffers are sized.</param>
/// <param name="Logger">Where accept errors go.</param>
public sealed record TransportSetup(int Loops, IByteBufferAllocator Allocator, IRecvByteBufAllocator ReceiveBuffers, ILogger Logger)
{
    /// <summary>How long a channel whose output is broken waits for the reader of what came before; null: as long as it likes.</summary>
    public TimeSpan? UnreadPatience { get; init; }
}
