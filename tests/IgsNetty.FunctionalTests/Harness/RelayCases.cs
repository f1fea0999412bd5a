using Xunit;

namespace IgsNetty.FunctionalTests.Harness;

/// <summary>The ways that every behaviour of a call has to hold for.</summary>
public static class RelayCases
{
    public static TheoryData<RelayMode, Entry> All { get; } = new()
    {
        { RelayMode.TwoGateways, Entry.Forward },
        { RelayMode.TwoGateways, Entry.Socks5 },
        { RelayMode.TwoGateways, Entry.HttpConnect },
        { RelayMode.OneGateway, Entry.Forward },
        { RelayMode.OneGateway, Entry.Socks5 },
        { RelayMode.OneGateway, Entry.HttpConnect },
    };

    /// <summary>
    /// For what costs much and lies behind the entry: every entry and every mode, but not each with each. All of them with
    /// <c>IGSNETTY_TEST_FULL=1</c>.
    /// </summary>
    public static TheoryData<RelayMode, Entry> Some { get; } = TestScale.IsFull ? All : new()
    {
        { RelayMode.TwoGateways, Entry.Forward },
        { RelayMode.TwoGateways, Entry.Socks5 },
        { RelayMode.OneGateway, Entry.HttpConnect },
    };

    /// <summary>The entries that take datagrams, in both modes.</summary>
    public static TheoryData<RelayMode, Entry> Udp { get; } = new()
    {
        { RelayMode.TwoGateways, Entry.Forward },
        { RelayMode.TwoGateways, Entry.Socks5 },
        { RelayMode.OneGateway, Entry.Forward },
        { RelayMode.OneGateway, Entry.Socks5 },
    };

    public static TheoryData<RelayMode> Modes { get; } = new() { RelayMode.TwoGateways, RelayMode.OneGateway };
}
