namespace IgsNetty.Protocol.Values;

/// <summary>A breach of docs/protocol.md by the peer. It closes the link, never the process.</summary>
/// <param name="Reason">The code that GoAway carries to the peer.</param>
/// <param name="Detail">What happened, for the log and the text of GoAway. Never holds payload or secrets.</param>
public sealed record Breach(GoAwayReason Reason, string Detail);
