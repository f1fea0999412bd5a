namespace IgsNetty.FunctionalTests.Targets;

/// <summary>How the bytes of one direction ended.</summary>
internal enum StreamEnd
{
    /// <summary>By FIN: the sender was done.</summary>
    Clean,

    /// <summary>By RST: the sender gave up, or is no more.</summary>
    Reset,
}
