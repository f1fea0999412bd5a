using Xunit;

namespace IgsNetty.FunctionalTests.Harness;

/// <summary>A theory that is skipped where a test may not make a control group with a limit of memory.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresMemoryGroupTheoryAttribute : TheoryAttribute
{
    private static readonly Lazy<bool> CanCreate = new(() =>
    {
        MemoryGroup? group = MemoryGroup.TryCreate(128 * TestScale.MiB);
        group?.Remove();
        return group is not null;
    });

    public RequiresMemoryGroupTheoryAttribute() =>
        Skip = CanCreate.Value ? null : "no control group of memory can be made here: it needs root, and the controller mounted";
}
