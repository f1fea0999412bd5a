using System.Runtime.CompilerServices;
using IgsNetty.TestKit.Buffers;

namespace IgsNetty.Endpoints.Tests;

internal static class TestAssembly
{
    [ModuleInitializer]
    internal static void Initialize() => LeakDetection.BeParanoid();
}
