using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace IgsNetty.Perf.Load;

/// <summary>
/// What a caller and a SOCKS5 server say (RFC 1928, no authentication, CONNECT to an IPv4 address) before the stream is the target's:
/// two messages, and an answer to each that is waited for. One at a time; it knows no sockets.
/// </summary>
/// <param name="target">What the server is asked for.</param>
internal sealed class SocksDialogue(IPEndPoint target)
{
    private const byte Version = 5;
    private const byte IPv4Kind = 1;

    private readonly (byte[] Message, int AnswerSize)[] _steps =
    [
        ([Version, 1, 0], 2),
        ([Version, 1, 0, IPv4Kind, .. target.Address.GetAddressBytes(), .. BigEndian((ushort)target.Port)], 10),
    ];

    private readonly byte[] _answer = new byte[10];
    private int _step;
    private int _received;

    /// <summary>The next byte is the target's.</summary>
    public bool IsOver => _step == _steps.Length;

    /// <summary>What is to be sent now.</summary>
    public ReadOnlySpan<byte> Message => _steps[_step].Message;

    /// <summary>Where the answer is to be received, and not a byte more.</summary>
    public Span<byte> Room => _answer.AsSpan(_received, _steps[_step].AnswerSize - _received);

    /// <summary>From the beginning, for another connection.</summary>
    public void Restart() => (_step, _received) = (0, 0);

    /// <summary>So many bytes were received into <see cref="Room"/>.</summary>
    /// <returns>True when the answer is whole.</returns>
    /// <exception cref="PerfException">The server refuses.</exception>
    public bool OnReceived(int count)
    {
        _received += count;
        if (_received < _steps[_step].AnswerSize)
        {
            return false;
        }

        // In both answers the second byte is 0 when the caller may go on. The address at the end of the last one is always IPv4 here.
        if (_answer[0] != Version || _answer[1] != 0)
        {
            throw new PerfException($"the SOCKS5 server refuses {target}: {Convert.ToHexString(_answer.AsSpan(0, _received))}");
        }

        _step++;
        _received = 0;
        return true;
    }

    /// <summary>A blocking socket that the server has connected to the target.</summary>
    /// <exception cref="PerfException">The server cannot be reached, or refuses.</exception>
    public static Socket Connect(IPEndPoint server, IPEndPoint target)
    {
        Socket socket = LoadSocket.Connect(server);
        try
        {
            for (SocksDialogue dialogue = new(target); !dialogue.IsOver;)
            {
                socket.Send(dialogue.Message);
                LoadSocket.ReceiveExactly(socket, dialogue.Room);
                dialogue.OnReceived(dialogue.Room.Length);
            }

            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static byte[] BigEndian(ushort number)
    {
        byte[] bytes = new byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, number);
        return bytes;
    }
}
