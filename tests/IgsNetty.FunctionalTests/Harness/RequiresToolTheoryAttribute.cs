using Xunit;

namespace IgsNetty.FunctionalTests.Harness;

/// <summary>A theory that is skipped, with the reason, where a program it drives is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresToolTheoryAttribute : TheoryAttribute
{
    public RequiresToolTheoryAttribute(params string[] tools)
    {
        ArgumentNullException.ThrowIfNull(tools);
        Tools = tools;
        Skip = ToolFinder.MissingReason(tools);
    }

    public IReadOnlyList<string> Tools { get; }
}
