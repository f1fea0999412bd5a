namespace IgsNetty.Fuzz;

/// <summary>Tries a target's seeds and random mutations of them, the same ones for the same seed number.</summary>
/// <param name="target">The target.</param>
/// <param name="seed">Where chance begins.</param>
internal sealed class RandomRun(IFuzzTarget target, int seed)
{
    private readonly Mutator _mutator = new(new Random(seed), [.. target.Seeds]);

    /// <summary>Inputs tried so far.</summary>
    public int Inputs { get; private set; }

    /// <summary>Goes on until it is told to stop or finds something. The seeds are tried in any case.</summary>
    /// <returns>What was found and how to see it again, or null.</returns>
    public string? Until(Func<bool> stop)
    {
        foreach (byte[] good in target.Seeds)
        {
            if (Try(good) is { } finding)
            {
                return finding;
            }
        }

        while (!stop())
        {
            if (Try(_mutator.Next()) is { } finding)
            {
                return finding;
            }
        }

        return null;
    }

    private string? Try(byte[] input)
    {
        Inputs++;
        try
        {
            target.Try(input);
            return null;
        }
        catch (Exception e)
        {
            return $"{target.Name}, seed {seed}, input {Inputs}: {e}\nTo see it again: igsnetty-fuzz hex {target.Name} {Convert.ToHexStringLower(input)}";
        }
    }
}
