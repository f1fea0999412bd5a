using Xunit;

namespace IgsNetty.FunctionalTests.Harness;

/// <summary>
/// The tests that measure time, loss or memory, or that take so much of the machine that they would disturb those that wait for
/// something: they run one at a time, when all others have ended.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
