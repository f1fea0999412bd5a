namespace IgsNetty.Fuzz.Link;

/// <summary>What the first two bytes of an input say about the link that gets the rest.</summary>
/// <param name="Options">A bit for each choice.</param>
/// <param name="Cut">How the network cuts what is sent.</param>
internal readonly record struct LinkPlan(byte Options, byte Cut)
{
    /// <summary>Bytes that it takes.</summary>
    public const int Size = 2;

    /// <summary>The gateway dialled; else it listens.</summary>
    public bool Dialled => (Options & 1) == 0;

    /// <summary>The peer knows UDP streams.</summary>
    public bool HasDatagrams => (Options & 2) == 0;

    /// <summary>The rest begins with the handshake; else it comes to a link that stands, with streams in every state.</summary>
    public bool FromHandshake => (Options & 4) != 0;

    /// <summary>The peers hold a shared key, which the input does not know. In the handshake only.</summary>
    public bool Secured => FromHandshake && (Options & 8) != 0;

    /// <summary>Applications read nothing until an event says so.</summary>
    public bool SlowApplications => (Options & 16) != 0;

    /// <summary>The peer reads nothing until an event says so.</summary>
    public bool SlowPeer => (Options & 32) != 0;

    /// <summary>The longest piece when it is cut.</summary>
    public int MostPiece => 1 + (Cut % 24);
}
