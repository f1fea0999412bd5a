using System.Buffers.Binary;
using System.Net;
using System.Text;
using IgsNetty.Protocol.Values;

namespace IgsNetty.Endpoints.Proxy;

/// <summary>
/// SOCKS4 and SOCKS4a: CONNECT to IPv4 and, with 4a, to host names. It has no password: where there are users, it is refused. The user ID
/// that it carries is not checked by anybody, and gives no rights.
/// </summary>
/// <param name="users">Who may use the proxy.</param>
internal sealed class Socks4Dialogue(ProxyUsers users) : IProxyDialogue
{
    public const byte Version = 4;

    private const byte Connect = 1;
    private const byte Granted = 0x5A;
    private const byte Rejected = 0x5B;
    private const int FixedBytes = 8;

    public ProxyStep Next(ReadOnlySpan<byte> input)
    {
        if (input.Length <= FixedBytes)
        {
            return ProxyStep.NeedMore;
        }

        if (!TryReadText(input[FixedBytes..], out int userBytes, out ProxyStep step))
        {
            return step;
        }

        int size = FixedBytes + userBytes + 1;
        string? host = null;
        bool hasName = input[4] == 0 && input[5] == 0 && input[6] == 0 && input[7] != 0;
        if (hasName)
        {
            if (!TryReadText(input[size..], out int hostBytes, out step))
            {
                return step;
            }

            host = Encoding.Latin1.GetString(input.Slice(size, hostBytes));
            size += hostBytes + 1;
        }

        if (users.AreRequired)
        {
            return Refuse("SOCKS4 has no password, and Proxy:Users asks for one");
        }

        if (input[1] != Connect)
        {
            return Refuse($"SOCKS4 command {input[1]} is not supported, only CONNECT (1)");
        }

        int port = BinaryPrimitives.ReadUInt16BigEndian(input[2..]);
        return TargetAddress.TryCreate(host ?? new IPAddress(input[4..FixedBytes]).ToString(), port, out TargetAddress target, out string error)
            ? ProxyStep.Open(size, target, null)
            : Refuse($"bad target: {error}");
    }

    public ProxyStep OnLogin(bool isRight) => throw new InvalidOperationException("SOCKS4 has no login.");

    public byte[] Success(TargetAddress? bound)
    {
        byte[] reply = Reply(Granted);
        if (bound?.Address is { } address && address.TryWriteBytes(reply.AsSpan(4, 4), out _))
        {
            BinaryPrimitives.WriteUInt16BigEndian(reply.AsSpan(2), (ushort)bound.Port);
        }

        return reply;
    }

    public byte[] Failure(ResetReason reason) => Reply(Rejected);

    // The answer to a request of version 4 has version 0.
    private static byte[] Reply(byte code) => [0, code, 0, 0, 0, 0, 0, 0];

    private static ProxyStep Refuse(string why) => ProxyStep.Refuse(Reply(Rejected), why);

    // Text that ends in a zero byte.
    private static bool TryReadText(ReadOnlySpan<byte> input, out int size, out ProxyStep step)
    {
        size = input.IndexOf((byte)0);
        step = size > byte.MaxValue || (size < 0 && input.Length > byte.MaxValue)
            ? Refuse($"its user ID or host name is longer than {byte.MaxValue} bytes")
            : ProxyStep.NeedMore;
        return size is >= 0 and <= byte.MaxValue;
    }
}
