namespace IgsNetty.Relay.Tests.Streams;

/// <summary>The same, where sockets read without asking.</summary>
public sealed class BackPressureWithoutGateTests : BackPressureTests
{
    public BackPressureWithoutGateTests() => IsGateIgnored = true;
}
