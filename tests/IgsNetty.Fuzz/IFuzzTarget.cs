namespace IgsNetty.Fuzz;

/// <summary>Something that takes bytes from strangers, and what must hold for it whatever they are.</summary>
internal interface IFuzzTarget
{
    /// <summary>As it stands on the command line.</summary>
    string Name { get; }

    /// <summary>Longer inputs are cut: what they could show, a shorter one shows.</summary>
    int MostBytes { get; }

    /// <summary>Good inputs to start from.</summary>
    IEnumerable<byte[]> Seeds { get; }

    /// <summary>Tries one input. It is over when this returns: nothing of it is left in the next one.</summary>
    /// <exception cref="FuzzException">What must hold does not. Any other exception is as bad.</exception>
    void Run(ReadOnlySpan<byte> input);
}
