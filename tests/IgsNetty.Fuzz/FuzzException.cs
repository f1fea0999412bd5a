namespace IgsNetty.Fuzz;

/// <summary>An input has shown that something that must always hold does not.</summary>
public sealed class FuzzException(string message) : Exception(message)
{
    /// <summary>Throws unless it holds.</summary>
    internal static void Unless(bool holds, string what)
    {
        if (!holds)
        {
            throw new FuzzException(what);
        }
    }

    /// <summary>Throws unless the two are the same.</summary>
    internal static void UnlessSame(string whole, string cut, string what)
    {
        if (whole != cut)
        {
            throw new FuzzException($"{what}\n--- one way:\n{whole}\n--- the other way:\n{cut}");
        }
    }
}
