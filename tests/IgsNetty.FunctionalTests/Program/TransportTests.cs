using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Program;

/// <summary>Every other test relies on it: the gateways run on what the name of the test says.</summary>
public sealed class TransportTests(ITestOutputHelper output) : FunctionalTest(output)
{
    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task The_gateways_run_on_the_transport_that_the_test_is_named_after(RelayMode mode)
    {
        Relay relay = await StartRelayAsync(mode);

        foreach (GatewayProcess gateway in relay.Gateways)
        {
            await gateway.WaitForLogAsync($"; transport {Transport.Current.Name} (as configured),");
        }
    }
}
