using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Datagrams;

namespace IgsNetty.Gateway.Configuration.Sections;

/// <summary>The settings of UDP flows, which a forward and the proxy port have alike.</summary>
internal static class DatagramReading
{
    private const string ResponseTimeout = "UdpResponseTimeoutSeconds";
    private const string Filter = "UdpReplyFilter";

    public static IReadOnlyList<string> Keys { get; } = [ResponseTimeout, Filter];

    public static DatagramOptions Datagrams(this SectionReader reader)
    {
        DatagramOptions standard = new();
        return new DatagramOptions
        {
            ResponseTimeoutSeconds = reader.WholeNumber(
                ResponseTimeout, standard.ResponseTimeoutSeconds, 0, DatagramOptions.MaxResponseTimeoutSeconds),
            ReplyFilter = reader.Choice(
                Filter, standard.ReplyFilter, ("address", ReplyFilter.Address), ("exact", ReplyFilter.Exact), ("any", ReplyFilter.Any)),
        };
    }
}
