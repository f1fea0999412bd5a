namespace IgsNetty.FunctionalTests.Clients;

/// <summary>A client that exchanges datagrams with one target through an entry of the calling-side gateway.</summary>
internal interface IUdpCaller : IDisposable
{
    /// <summary>The longest payload that this entry can carry, either way.</summary>
    int LargestPayload { get; }

    Task SendAsync(ReadOnlyMemory<byte> bytes);

    /// <summary>The payload of the next datagram.</summary>
    Task<byte[]> ReceiveAsync();

    /// <summary>The same, or null when none comes within the window.</summary>
    Task<byte[]?> TryReceiveAsync(TimeSpan window);

    /// <summary>Fails when a datagram comes within the window.</summary>
    Task ExpectNothingAsync(TimeSpan window);
}
