using System.Buffers.Binary;
using System.Net;
using System.Text;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Datagrams;
using IgsNetty.Transport;

namespace IgsNetty.Endpoints.Proxy;

/// <summary>
/// SOCKS5 (RFC 1928) with user and password (RFC 1929): CONNECT to IPv4, IPv6 and host names, and UDP ASSOCIATE. A method
/// of our own lets a client state options (docs/protocol.md §12).
/// </summary>
/// <param name="users">Who may use the proxy.</param>
/// <param name="udp">For UDP, unless the client states otherwise.</param>
internal sealed class Socks5Dialogue(ProxyUsers users, DatagramOptions udp) : IProxyDialogue
{
    public const byte Version = 5;

    private const byte NoAuthentication = 0x00;
    private const byte UserAndPassword = 0x02;
    private const byte Options = Socks5Options.Method;
    private const byte NoAcceptableMethod = 0xFF;

    private const byte Connect = 1;
    private const byte UdpAssociate = 3;

    private const byte GeneralFailure = 0x01;
    private const byte CommandNotSupported = 0x07;
    private const byte AddressTypeNotSupported = 0x08;

    private Stage _stage;
    private string? _user;
    private DatagramOptions _udp = udp;

    private enum Stage
    {
        Greeting,
        Options,
        Authentication,
        Request,
    }

    public ProxyStep Next(ReadOnlySpan<byte> input) => _stage switch
    {
        Stage.Greeting => Greeting(input),
        Stage.Options => StateOptions(input),
        Stage.Authentication => Authentication(input),
        _ => Request(input),
    };

    public ProxyStep OnLogin(bool isRight)
    {
        if (!isRight)
        {
            _user = null;
            return ProxyStep.Refuse([1, 1], "wrong user or password");
        }

        _stage = Stage.Request;
        return ProxyStep.Continue(0, [1, 0]);
    }

    public byte[] Success(TargetAddress? bound)
    {
        // But for its first bytes it is the header of a datagram.
        UdpAddress address = UdpAddress.FromIP(bound?.Address ?? IPAddress.Any, bound?.Port ?? 0);
        Span<byte> reply = stackalloc byte[Socks5Datagram.MaxHeader];
        int size = Socks5Datagram.WriteHeader(reply, new FlowAddress(address, null));
        reply[0] = Version;
        return reply[..size].ToArray();
    }

    public byte[] Failure(ResetReason reason) => Failure(reason switch
    {
        ResetReason.NotAllowed => 0x02,
        ResetReason.NetworkUnreachable or ResetReason.NoRoute => 0x03,
        ResetReason.HostUnreachable or ResetReason.NameNotFound => 0x04,
        ResetReason.ConnectionRefused => 0x05,
        ResetReason.ConnectTimeout => 0x06,
        ResetReason.Unsupported => CommandNotSupported,
        _ => GeneralFailure,
    });

    private static byte[] Failure(byte code) => [Version, code, 0, 1, 0, 0, 0, 0, 0, 0];

    private ProxyStep Greeting(ReadOnlySpan<byte> input)
    {
        if (input.Length < 2 || input.Length < 2 + input[1])
        {
            return ProxyStep.NeedMore;
        }

        int size = 2 + input[1];
        ReadOnlySpan<byte> offered = input[2..size];

        // Some clients offer user and password only. Where there are no users, any will do.
        byte method = users.AreRequired || !offered.Contains(NoAuthentication) ? UserAndPassword : NoAuthentication;
        bool takesOptions = offered.Contains(Options);
        if (!offered.Contains(method) && (users.AreRequired || !takesOptions))
        {
            return ProxyStep.Refuse(
                [Version, NoAcceptableMethod],
                users.AreRequired ? "it offers no user and password, and Proxy:Users asks for them" : "it offers no method that is allowed here");
        }

        if (takesOptions)
        {
            _stage = Stage.Options;
            return ProxyStep.Continue(size, [Version, Options]);
        }

        _stage = method == UserAndPassword ? Stage.Authentication : Stage.Request;
        return ProxyStep.Continue(size, [Version, method]);
    }

    private ProxyStep StateOptions(ReadOnlySpan<byte> input)
    {
        if (Socks5Options.TryRead(input, ref _udp, out int size) is { } wrong)
        {
            return ProxyStep.Refuse([Socks5Options.Version, Socks5Options.Refused], wrong);
        }

        if (size == 0)
        {
            return ProxyStep.NeedMore;
        }

        _stage = users.AreRequired ? Stage.Authentication : Stage.Request;
        return ProxyStep.Continue(size, [Socks5Options.Version, users.AreRequired ? UserAndPassword : NoAuthentication]);
    }

    private ProxyStep Authentication(ReadOnlySpan<byte> input)
    {
        if (input.Length > 0 && input[0] != 1)
        {
            return ProxyStep.Refuse([1, 1], "its authentication request has a wrong version");
        }

        if (input.Length < 2 || input.Length < 3 + input[1] || input.Length < 3 + input[1] + input[2 + input[1]])
        {
            return ProxyStep.NeedMore;
        }

        int nameEnd = 2 + input[1];
        int size = nameEnd + 1 + input[nameEnd];
        if (!users.AreRequired)
        {
            // A name that nobody has checked gives no rights: the caller stays one without a user.
            _stage = Stage.Request;
            return ProxyStep.Continue(size, [1, 0]);
        }

        string name = Encoding.UTF8.GetString(input[2..nameEnd]);
        _user = name;
        return ProxyStep.Check(size, new Login(name, input[(nameEnd + 1)..size].ToArray()));
    }

    private ProxyStep Request(ReadOnlySpan<byte> input)
    {
        if (input.Length > 0 && input[0] != Version)
        {
            return ProxyStep.Refuse(null, "its request has a wrong version");
        }

        if (input.Length < 5)
        {
            return ProxyStep.NeedMore;
        }

        int address = input[3] switch
        {
            1 => 4,
            4 => 16,
            3 => 1 + input[4],
            _ => 0,
        };
        if (address == 0)
        {
            return ProxyStep.Refuse(Failure(AddressTypeNotSupported), $"address type {input[3]} is not supported");
        }

        int size = 4 + address + 2;
        if (input.Length < size)
        {
            return ProxyStep.NeedMore;
        }

        if (input[1] is not (Connect or UdpAssociate))
        {
            return ProxyStep.Refuse(
                Failure(CommandNotSupported), $"command {input[1]} is not supported, only CONNECT (1) and UDP ASSOCIATE (3)");
        }

        int port = BinaryPrimitives.ReadUInt16BigEndian(input[(size - 2)..]);
        if (input[1] == UdpAssociate)
        {
            // The address it will send from, or zeros. A name says nothing, and neither does an address without a port.
            UdpAddress stated = input[3] == 3 ? default : UdpAddress.FromOctets(input[4..(4 + address)], port);
            return ProxyStep.Associate(size, new AssociateRequest(stated, _udp), _user);
        }

        string host = input[3] == 3 ? Encoding.Latin1.GetString(input[5..(4 + address)]) : new IPAddress(input[4..(4 + address)]).ToString();
        return TargetAddress.TryCreate(host, port, out TargetAddress target, out string error)
            ? ProxyStep.Open(size, target, _user)
            : ProxyStep.Refuse(Failure(GeneralFailure), $"bad target: {error}");
    }
}
