using System.ComponentModel;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace IgsNetty.FunctionalTests.Harness.Transports;

/// <summary>One test on one transport: its name, its identity and its trait say on which.</summary>
public sealed class TransportTest : XunitTestCase
{
    private Transport _transport;

    [EditorBrowsable(EditorBrowsableState.Never)]
    [Obsolete("Called by the runner, which takes tests from one process to another; Deserialize follows.")]
    public TransportTest() => _transport = Transport.All[0];

    internal TransportTest(
        Transport transport,
        IMessageSink messages,
        ITestFrameworkDiscoveryOptions options,
        ITestMethod method,
        object?[]? arguments = null)
        : base(messages, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method, arguments) =>
        _transport = transport;

    public override async Task<RunSummary> RunAsync(
        IMessageSink diagnosticMessageSink,
        IMessageBus messageBus,
        object[] constructorArguments,
        ExceptionAggregator aggregator,
        CancellationTokenSource cancellationTokenSource)
    {
        _transport.Use();
        return await base.RunAsync(diagnosticMessageSink, messageBus, constructorArguments, aggregator, cancellationTokenSource);
    }

    public override void Serialize(IXunitSerializationInfo data)
    {
        base.Serialize(data);
        data.AddValue(Transport.Trait, _transport.Name);
    }

    public override void Deserialize(IXunitSerializationInfo data)
    {
        _transport = new Transport(data.GetValue<string>(Transport.Trait)); // first: the name is made in what follows
        base.Deserialize(data);
    }

    protected override void Initialize()
    {
        base.Initialize();
        Traits.Add(Transport.Trait, [_transport.Name]);
    }

    protected override string GetDisplayName(IAttributeInfo factAttribute, string displayName) =>
        $"{base.GetDisplayName(factAttribute, displayName)} on {_transport.Name}";

    protected override string GetSkipReason(IAttributeInfo factAttribute) => base.GetSkipReason(factAttribute) ?? _transport.MissingReason!;

    protected override string GetUniqueID() => $"{base.GetUniqueID()}-{_transport.Name}";
}
