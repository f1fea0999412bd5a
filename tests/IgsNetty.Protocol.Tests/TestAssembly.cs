using System.Runtime.CompilerServices;
using IgsNetty.TestKit.Buffers;

namespace IgsNetty.Protocol.Tests;

internal static class TestAssembly
{
    [ModuleInitializer]
    internal static void Initialize() => LeakDetection.BeParanoid();
}
