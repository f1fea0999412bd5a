using System.ComponentModel;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace IgsNetty.TestRunner.Network;

/// <summary>One test that runs in a <see cref="PrivateNetwork"/>.</summary>
public sealed class PrivateNetworkTest : XunitTestCase
{
    [EditorBrowsable(EditorBrowsableState.Never)]
    [Obsolete("Called by the runner, which takes tests from one process to another; Deserialize follows.")]
    public PrivateNetworkTest()
    {
    }

    public PrivateNetworkTest(
        IMessageSink messages, ITestFrameworkDiscoveryOptions options, ITestMethod method, object?[]? arguments = null)
        : base(messages, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method, arguments)
    {
    }

    public override Task<RunSummary> RunAsync(
        IMessageSink diagnosticMessageSink,
        IMessageBus messageBus,
        object[] constructorArguments,
        ExceptionAggregator aggregator,
        CancellationTokenSource cancellationTokenSource) =>
        PrivateNetwork.IsInside
            ? base.RunAsync(diagnosticMessageSink, messageBus, constructorArguments, aggregator, cancellationTokenSource)
            : new PrivateNetworkRunner(this, constructorArguments, messageBus, aggregator, cancellationTokenSource).RunAsync();
}
