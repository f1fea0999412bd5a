using System.Globalization;
using IgsNetty.Relay.FlowControl;
using IgsNetty.Relay.Pipeline;
using IgsNetty.Transport.Epoll;

namespace IgsNetty.Gateway.Configuration.Sections;

/// <summary>Reads <c>Pipeline</c>.</summary>
internal static class PipelineSection
{
    private const int Kibi = 1024;
    private const int MostWindowKiB = 1024 * 1024;

    private static readonly int[] BufferSizes = [16, 32, 64, 128, 256, 512, 1024];

    public static PipelineSettings Read(SectionReader section)
    {
        PipelineOptions standard = new();
        PipelineOptions options = new()
        {
            BufferBytes = section.Choice("BufferKiB", standard.BufferBytes, [.. BufferSizes.Select(KiB)]),
            ReadBytesPerTurn = InKiB(section, "ReadPerTurnKiB", standard.ReadBytesPerTurn, 1, 65_536),
            QuantumBytes = InKiB(section, "QuantumKiB", standard.QuantumBytes, 1, 65_536),
            SmallPayloadBytes = section.WholeNumber("SmallPayloadBytes", standard.SmallPayloadBytes, 0, 16_384),
            StartWindowBytes = InKiB(section, "StartWindowKiB", standard.StartWindowBytes, FlowControlDefaults.EarlyWindowBytes / Kibi, MostWindowKiB),
            MaxShortPathWindowBytes = InKiB(section, "MaxShortPathWindowKiB", standard.MaxShortPathWindowBytes, 64, MostWindowKiB),
            MaxWindowBytes = InKiB(section, "MaxWindowKiB", standard.MaxWindowBytes, 64, MostWindowKiB),
            LinkSendBufferBytes = InKiB(section, "LinkSendBufferKiB", standard.LinkSendBufferBytes, 0, 16_384),
            LinkUnsentBytes = InKiB(section, "LinkUnsentKiB", standard.LinkUnsentBytes, 0, 16_384),
        };
        int busyPoll = section.WholeNumber("BusyPollMicroseconds", (int)EpollEventLoop.DefaultBusyPoll.TotalMicroseconds, 0, 10_000);
        RequireOrder(section, options);
        section.Complete();
        return new PipelineSettings(options, TimeSpan.FromMicroseconds(busyPoll));
    }

    // Only of what is written: lowering one key must not make an error of a default.
    private static void RequireOrder(SectionReader section, PipelineOptions options)
    {
        foreach ((string key, int most) in ((string, int)[])
            [("MaxShortPathWindowKiB", options.MaxShortPathWindowBytes), ("MaxWindowKiB", options.MaxWindowBytes)])
        {
            if (most < options.StartWindowBytes && section.Has(key))
            {
                section.Error(
                    key,
                    FormattableString.Invariant(
                        $"{most / Kibi} is less than Pipeline:StartWindowKiB ({options.StartWindowBytes / Kibi}), where every window starts; make it larger, or that one smaller"));
            }
        }
    }

    private static (string Word, int Bytes) KiB(int size) => (size.ToString(CultureInfo.InvariantCulture), size * Kibi);

    private static int InKiB(SectionReader section, string key, int fallbackBytes, int least, int most) =>
        section.WholeNumber(key, fallbackBytes / Kibi, least, most) * Kibi;
}
