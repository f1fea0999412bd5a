using Xunit;

namespace IgsNetty.Perf.Tests.Harness;

/// <summary>As <see cref="LinuxFactAttribute"/>, with rows.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxTheoryAttribute : TheoryAttribute
{
    public LinuxTheoryAttribute()
    {
        Skip = OperatingSystem.IsLinux() ? null! : "Linux only";
    }
}
