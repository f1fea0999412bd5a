using Xunit;

namespace IgsNetty.Perf.Tests.Harness;

/// <summary>Of what the load test asks the kernel, and it runs on Linux only.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        Skip = OperatingSystem.IsLinux() ? null! : "Linux only";
    }
}
