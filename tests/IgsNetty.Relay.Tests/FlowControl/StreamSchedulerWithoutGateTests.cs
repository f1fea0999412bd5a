namespace IgsNetty.Relay.Tests.FlowControl;

/// <summary>The same, where sockets read without asking.</summary>
public sealed class StreamSchedulerWithoutGateTests : StreamSchedulerTests
{
    public StreamSchedulerWithoutGateTests() => IsGateIgnored = true;
}
