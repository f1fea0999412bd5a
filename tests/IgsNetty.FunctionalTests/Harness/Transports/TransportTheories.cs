using Xunit.Abstractions;
using Xunit.Sdk;

namespace IgsNetty.FunctionalTests.Harness.Transports;

/// <summary>Theories on one transport, one test a row.</summary>
internal sealed class TransportTheories(IMessageSink messages, Transport transport) : TheoryDiscoverer(messages)
{
    protected override IEnumerable<IXunitTestCase> CreateTestCasesForDataRow(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute, object?[] dataRow) =>
        [new TransportTest(transport, DiagnosticMessageSink, discoveryOptions, testMethod, dataRow)];

    protected override IEnumerable<IXunitTestCase> CreateTestCasesForSkip(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute, string skipReason) =>
        [new TransportTest(transport, DiagnosticMessageSink, discoveryOptions, testMethod)];

    // For rows that cannot be named before the run, of which there are none here; they would run on no transport.
    protected override IEnumerable<IXunitTestCase> CreateTestCasesForTheory(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute) =>
        [new ExecutionErrorTestCase(
            DiagnosticMessageSink,
            discoveryOptions.MethodDisplayOrDefault(),
            discoveryOptions.MethodDisplayOptionsOrDefault(),
            testMethod,
            "Rows of a functional test must be of plain values: what cannot be serialized is not known to the runner.")];
}
