using Xunit;

namespace IgsNetty.FunctionalTests.Harness;

/// <summary>
/// The tests that compare rates, or count what the kernel drops: they run one at a time, when all others have ended.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
