using DotNetty.Common;

namespace IgsNetty.TestKit.Buffers;

/// <summary>DotNetty's own leak detector, for what does not come from a <see cref="LeakCheck"/>.</summary>
public static class LeakDetection
{
    /// <summary>Every buffer is watched; test assemblies call it from their module initializer.</summary>
    public static void BeParanoid() => ResourceLeakDetector.Level = ResourceLeakDetector.DetectionLevel.Paranoid;
}
