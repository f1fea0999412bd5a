using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using DotNetty.Common;
using DotNetty.Common.Internal.Logging;

namespace IgsNetty.Transport.Tests.Harness;

/// <summary>Sets DotNetty up before any of its types is touched: also for an assembly that only derives suites of this one.</summary>
internal static class TestAssembly
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "DotNetty's static loggers are made once, from the factory they find.")]
    internal static void SetUp()
    {
        InternalLoggerFactory.DefaultFactory = DotNettyLog.Instance;
        ResourceLeakDetector.Level = ResourceLeakDetector.DetectionLevel.Paranoid;
    }
}
