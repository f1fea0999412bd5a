using Xunit;

namespace IgsNetty.Transport.Tests.Harness;

/// <summary>A fact about Linux' own ways: its error numbers, its table of descriptors.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux())
        {
            Skip = "Linux only";
        }
    }
}
