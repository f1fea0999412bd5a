using IgsNetty.Protocol.Values;

namespace IgsNetty.Relay.Datagrams;

/// <summary>What a flow wants at its called side.</summary>
/// <param name="From">Who calls, for the access rules: a peer's name, <c>local</c>, or <c>user:NAME</c>.</param>
/// <param name="Caller">The calling application's address, if it is told; for logs.</param>
/// <param name="Target">Where datagrams go that name no other target.</param>
/// <param name="Options">Response timeout and reply filter.</param>
internal sealed record ReplyPortRequest(string From, TargetAddress? Caller, TargetAddress Target, DatagramOptions Options)
{
    /// <summary>Whose reply port it is, for the limits; null when the flow is a caller's of this gateway, which is counted for its client.</summary>
    public string? Peer { get; init; }
}
