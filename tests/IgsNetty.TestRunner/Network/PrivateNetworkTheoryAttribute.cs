using Xunit;
using Xunit.Sdk;

namespace IgsNetty.TestRunner.Network;

/// <summary>A theory whose rows each run in a <see cref="PrivateNetwork"/> of their own. The rows are of values that the runner can serialize.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("IgsNetty.TestRunner.Network.PrivateNetworkTheoryDiscoverer", "IgsNetty.TestRunner")]
public sealed class PrivateNetworkTheoryAttribute : TheoryAttribute
{
    public PrivateNetworkTheoryAttribute() => Skip = PrivateNetwork.MissingReason!;
}
