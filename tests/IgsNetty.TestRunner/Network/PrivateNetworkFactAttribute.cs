using Xunit;
using Xunit.Sdk;

namespace IgsNetty.TestRunner.Network;

/// <summary>A fact that runs in a <see cref="PrivateNetwork"/>, with its class. Skipped where the machine cannot have one.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("IgsNetty.TestRunner.Network.PrivateNetworkDiscoverer", "IgsNetty.TestRunner")]
public sealed class PrivateNetworkFactAttribute : FactAttribute
{
    public PrivateNetworkFactAttribute() => Skip = PrivateNetwork.MissingReason!;
}
