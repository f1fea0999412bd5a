namespace IgsNetty.FunctionalTests.Targets;

/// <summary>All that came over a connection in one direction.</summary>
internal sealed record Received(long Bytes, string Sha256, StreamEnd End)
{
    /// <summary>What arrives when nothing is lost: so many bytes of <see cref="Payload"/> and a clean end.</summary>
    public static Received Whole(long length) => new(length, Payload.Sha256(length), StreamEnd.Clean);
}
