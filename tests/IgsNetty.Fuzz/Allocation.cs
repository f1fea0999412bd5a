namespace IgsNetty.Fuzz;

/// <summary>What an input makes the code allocate must stay in proportion to it.</summary>
internal readonly struct Allocation
{
    private readonly long _before;

    private Allocation(long before) => _before = before;

    /// <summary>Counts from here, on this thread.</summary>
    public static Allocation Start() => new(GC.GetAllocatedBytesForCurrentThread());

    /// <exception cref="FuzzException">It was more.</exception>
    public void AtMost(long bytes, string what)
    {
        long taken = GC.GetAllocatedBytesForCurrentThread() - _before;
        FuzzException.Unless(taken <= bytes, $"{what} made it allocate {taken:N0} bytes; {bytes:N0} is the most");
    }
}
