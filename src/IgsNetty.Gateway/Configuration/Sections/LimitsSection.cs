using IgsNetty.Relay;

namespace IgsNetty.Gateway.Configuration.Sections;

/// <summary>Reads <c>Limits</c>.</summary>
internal static class LimitsSection
{
    private const int Mebi = 1_048_576;

    public static RelayLimits Read(SectionReader section)
    {
        RelayLimits standard = new();
        RelayLimits limits = new()
        {
            StreamsPerLink = section.WholeNumber("StreamsPerLink", standard.StreamsPerLink, 1, Mebi),
            MemoryMiB = section.WholeNumber("MemoryMiB", MemoryDefault.For(MemoryDefault.AvailableMiB), 16, Mebi),
            OpensPerSecondPerPeer = section.WholeNumber("OpensPerSecondPerPeer", standard.OpensPerSecondPerPeer, 1, 10_000_000),
            LinksPerPeer = section.WholeNumber("LinksPerPeer", standard.LinksPerPeer, 1, 65_536),
            PendingHandshakes = section.WholeNumber("PendingHandshakes", standard.PendingHandshakes, 16, Mebi),
            PendingHandshakesPerAddress = section.WholeNumber("PendingHandshakesPerAddress", standard.PendingHandshakesPerAddress, 1, Mebi),
            HandshakeSeconds = section.WholeNumber("HandshakeSeconds", standard.HandshakeSeconds, 1, 300),
            ConnectSeconds = section.WholeNumber("ConnectSeconds", standard.ConnectSeconds, 1, 300),
            LinkWaitSeconds = section.WholeNumber("LinkWaitSeconds", standard.LinkWaitSeconds, 0, 300),
            HalfCloseLingerSeconds = section.WholeNumber("HalfCloseLingerSeconds", standard.HalfCloseLingerSeconds, 1, 86_400),
            UdpFlows = section.WholeNumber("UdpFlows", standard.UdpFlows, 1, Mebi),
            UdpFlowsPerClient = section.WholeNumber("UdpFlowsPerClient", standard.UdpFlowsPerClient, 1, Mebi),
            UdpFlowsPerPeer = section.WholeNumber("UdpFlowsPerPeer", standard.UdpFlowsPerPeer, 1, Mebi),
        };

        if (section.Has("MemoryMiB") && limits.MemoryMiB > MemoryDefault.AvailableMiB / 2)
        {
            section.Warning(
                "MemoryMiB",
                FormattableString.Invariant(
                    $"{limits.MemoryMiB} is more than half of the {MemoryDefault.AvailableMiB} MiB that this process may use; set it to {MemoryDefault.For(MemoryDefault.AvailableMiB)}, or give it more memory"));
        }

        WarnOfNoLimit(section, "UdpFlowsPerClient", limits.UdpFlowsPerClient, limits.UdpFlows, "client");
        WarnOfNoLimit(section, "UdpFlowsPerPeer", limits.UdpFlowsPerPeer, limits.UdpFlows, "peer");
        section.Complete();
        return limits;
    }

    // Only of what is written: the default of the one may well be above the other.
    private static void WarnOfNoLimit(SectionReader section, string key, int value, int all, string holder)
    {
        if (value > all && section.Has(key))
        {
            section.Warning(
                key,
                FormattableString.Invariant($"{value} is more than Limits:UdpFlows ({all}), so one {holder} may take all flows; set it lower"));
        }
    }
}
