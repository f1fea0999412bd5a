using System.Net;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Routing;

namespace IgsNetty.Gateway.Configuration.Sections;

/// <summary>Single values that are addresses, destinations or ports. Null stands for missing or (reported) wrong.</summary>
internal static class AddressReading
{
    private const string ListenExample = "set it to an address such as 127.0.0.1:8080";
    private const string TargetExample = "set it to HOST:PORT, such as 10.1.2.3:80";

    public static IPEndPoint? Listen(this SectionReader reader, string key) => Parse(reader, key, reader.Text(key));

    public static IPEndPoint? RequiredListen(this SectionReader reader, string key) =>
        Parse(reader, key, reader.Required(key, ListenExample));

    public static TargetAddress? RequiredTarget(this SectionReader reader, string key)
    {
        if (reader.Required(key, TargetExample) is not { } text)
        {
            return null;
        }

        if (!TargetAddress.TryParse(text, out TargetAddress target, out string error))
        {
            reader.Error(key, $"{Quoted.Text(text)} cannot be reached: {error}");
            return null;
        }

        if (IPAddress.Any.Equals(target.Address) || IPAddress.IPv6Any.Equals(target.Address))
        {
            reader.Error(key, $"{Quoted.Text(text)} is an address to listen on, not one to reach; name the host");
            return null;
        }

        return target;
    }

    public static DestinationPattern? RequiredDestination(this SectionReader reader, string key)
    {
        if (reader.Required(key, "set it to '*', an address, a CIDR block, a host name, or '*.' and a domain") is not { } text)
        {
            return null;
        }

        if (DestinationPattern.TryParse(text, out DestinationPattern pattern, out string error))
        {
            return pattern;
        }

        reader.Error(key, $"{Quoted.Text(text)} is not a destination: {error}");
        return null;
    }

    /// <summary>All ports when the key is missing.</summary>
    public static PortSet? Ports(this SectionReader reader, string key)
    {
        if (reader.Text(key) is not { } text)
        {
            return PortSet.All;
        }

        if (PortSet.TryParse(text, out PortSet ports, out string error))
        {
            return ports;
        }

        reader.Error(key, error);
        return null;
    }

    private static IPEndPoint? Parse(SectionReader reader, string key, string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (ListenAddress.TryParse(text, out IPEndPoint address, out string error))
        {
            return address;
        }

        reader.Error(key, $"{Quoted.Text(text)} is not an address to listen on: {error}");
        return null;
    }
}
