using Xunit.Abstractions;
using Xunit.Sdk;

namespace IgsNetty.TestRunner.Network;

public sealed class PrivateNetworkDiscoverer(IMessageSink messages) : FactDiscoverer(messages)
{
    protected override IXunitTestCase CreateTestCase(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        new PrivateNetworkTest(DiagnosticMessageSink, discoveryOptions, testMethod);
}
