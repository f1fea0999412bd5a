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
            MemoryMiB = section.WholeNumber("MemoryMiB", standard.MemoryMiB, 16, Mebi),
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
        };

        // Only of what is written: the default of the one may well be above the other.
        if (limits.UdpFlowsPerClient > limits.UdpFlows && section.Has("UdpFlowsPerClient"))
        {
            section.Warning(
                "UdpFlowsPerClient",
                FormattableString.Invariant(
                    $"{limits.UdpFlowsPerClient} is more than Limits:UdpFlows ({limits.UdpFlows}), so one client may take all flows; set it lower"));
        }

        section.Complete();
        return limits;
    }
}
