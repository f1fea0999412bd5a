using IgsNetty.Protocol.Values;

namespace IgsNetty.Endpoints.LinkDialer;

/// <summary>One entry of <c>Links:Dial</c>.</summary>
/// <param name="Peer">The name the other gateway must prove.</param>
/// <param name="Address">Where it listens; a host name is resolved at every attempt.</param>
/// <param name="Connections">Links to keep (0 to 64; 0: one per event loop, at most 16).</param>
public sealed record LinkDialOptions(string Peer, TargetAddress Address, int Connections);
