using System.Buffers.Binary;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Datagrams;

namespace IgsNetty.Endpoints.Proxy;

/// <summary>The message of the SOCKS5 options method (docs/protocol.md §12). Pure.</summary>
internal static class Socks5Options
{
    /// <summary>The method's number, from the private range of RFC 1928 §3.</summary>
    public const byte Method = 0x9B;

    public const byte Version = 1;

    /// <summary>Answer: the client is closed.</summary>
    public const byte Refused = 0xFF;

    private const byte ResponseTimeout = 1;
    private const byte Filter = 2;
    private const byte FirstOptional = 0x80;

    /// <param name="input">All bytes there are.</param>
    /// <param name="options">What the client states replaces what is there.</param>
    /// <param name="size">Bytes of the message; 0 while it is not whole.</param>
    /// <returns>What is wrong with it, or null.</returns>
    public static string? TryRead(ReadOnlySpan<byte> input, ref DatagramOptions options, out int size)
    {
        size = 0;
        if (input.Length > 0 && input[0] != Version)
        {
            return $"its options have version {input[0]}, not {Version}";
        }

        if (input.Length < 2)
        {
            return null;
        }

        DatagramOptions stated = options;
        int end = 2;
        for (int left = input[1]; left > 0; left--)
        {
            if (input.Length < end + 2 || input.Length < end + 2 + input[end + 1])
            {
                return null;
            }

            int next = end + 2 + input[end + 1];
            if (Apply(input[end], input[(end + 2)..next], ref stated) is { } wrong)
            {
                return wrong;
            }

            end = next;
        }

        options = stated;
        size = end;
        return null;
    }

    private static string? Apply(byte type, ReadOnlySpan<byte> value, ref DatagramOptions options)
    {
        switch (type)
        {
            case ResponseTimeout when value.Length == 2:
                int seconds = BinaryPrimitives.ReadUInt16BigEndian(value);
                options = options with { ResponseTimeoutSeconds = seconds };
                return seconds <= DatagramOptions.MaxResponseTimeoutSeconds
                    ? null
                    : $"it asks for a UDP response timeout of {seconds} s; {DatagramOptions.MaxResponseTimeoutSeconds} is the most";
            case Filter when value.Length == 1 && value[0] <= (byte)ReplyFilter.Any:
                options = options with { ReplyFilter = (ReplyFilter)value[0] };
                return null;
            case ResponseTimeout or Filter:
                return $"its option {type} has a value that is not one";
            case >= FirstOptional:
                return null;
            default:
                return $"it states option {type}, which this version does not know";
        }
    }
}
