using Xunit.Abstractions;
using Xunit.Sdk;

namespace IgsNetty.FunctionalTests.Harness.Transports;

/// <summary>Facts on one transport.</summary>
internal sealed class TransportFacts(IMessageSink messages, Transport transport) : FactDiscoverer(messages)
{
    protected override IXunitTestCase CreateTestCase(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        new TransportTest(transport, DiagnosticMessageSink, discoveryOptions, testMethod);
}
