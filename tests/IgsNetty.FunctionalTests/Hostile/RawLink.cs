using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace IgsNetty.FunctionalTests.Hostile;

/// <summary>A peer that keeps to the handshake of docs/protocol.md, and then sends whatever the test likes.</summary>
internal sealed class RawLink : IDisposable
{
    public const byte OpenStream = 0x10;
    public const byte StreamOpened = 0x11;
    public const byte Data = 0x12;
    public const byte EndOfStream = 0x13;
    public const byte ResetStream = 0x14;
    public const byte WindowUpdate = 0x15;
    public const byte Ping = 0x20;

    public const int FrameSizeError = 2;
    public const int FlowControlError = 3;
    public const int StreamIdError = 4;
    public const int LimitExceeded = 13;

    private const byte GoAway = 0x22;
    private const int HeaderBytes = 8;

    private readonly TcpClient _client;
    private readonly NetworkStream _stream;
    private readonly CancellationToken _deadline;

    private RawLink(TcpClient client, CancellationToken deadline)
    {
        _client = client;
        _stream = client.GetStream();
        _deadline = deadline;
    }

    /// <summary>Dials in as a gateway of this name, where links have no authentication.</summary>
    public static async Task<RawLink> DialAsync(IPEndPoint link, string name, CancellationToken deadline)
    {
        TcpClient client = new();
        await client.ConnectAsync(link, deadline);
        RawLink raw = new(client, deadline);
        byte[] limits = new byte[48]; // capabilities, largest payload, streams, window, nonce
        limits[3] = 1;
        BinaryPrimitives.WriteInt32BigEndian(limits.AsSpan(4), 16_384);
        BinaryPrimitives.WriteInt32BigEndian(limits.AsSpan(8), 1000);
        BinaryPrimitives.WriteInt32BigEndian(limits.AsSpan(12), 65_536);
        await raw.SendAsync(Frame(0x01, 0, [.. "IGSN"u8, 1, 1, 0, 0, .. limits, (byte)name.Length, .. Encoding.ASCII.GetBytes(name)]));
        await raw.ReadFrameAsync(); // its Hello
        return raw;
    }

    public static byte[] Frame(byte type, uint stream, params ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[HeaderBytes + payload.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame, ((uint)payload.Length << 8) | type);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(4), stream);
        payload.CopyTo(frame.AsSpan(HeaderBytes));
        return frame;
    }

    /// <summary>Opens TCP to an IPv4 address.</summary>
    public static byte[] Open(uint stream, IPEndPoint target)
    {
        byte[] port = [(byte)(target.Port >> 8), (byte)target.Port];
        return Frame(OpenStream, stream, [1, 0, 0, 0, 0, 1, 0, 0, 1, .. port, .. target.Address.GetAddressBytes(), 0]);
    }

    /// <summary>Gives a stream up.</summary>
    public static byte[] Reset(uint stream) => Frame(ResetStream, stream, 0, 0);

    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes) => _stream.WriteAsync(bytes, _deadline);

    /// <summary>Sends until the gateway does not take it any more.</summary>
    /// <param name="next">The bytes of each write; null: enough.</param>
    public async Task FloodAsync(Func<ReadOnlyMemory<byte>?> next)
    {
        try
        {
            while (next() is { } bytes)
            {
                await SendAsync(bytes);
            }
        }
        catch (IOException)
        {
            // The gateway has closed the link.
        }
    }

    /// <summary>Reads, and throws away, up to the end of the link.</summary>
    /// <param name="onFrame">Is told of each frame's type and payload; null: nobody.</param>
    /// <returns>The reason of its GoAway; null when it ended without one.</returns>
    public async Task<int?> ReadToEndAsync(Action<byte, byte[]>? onFrame = null)
    {
        int? reason = null;
        try
        {
            while (true)
            {
                (byte type, byte[] payload) = await ReadFrameAsync();
                onFrame?.Invoke(type, payload);
                reason = type == GoAway ? BinaryPrimitives.ReadUInt16BigEndian(payload.AsSpan(4)) : reason;
            }
        }
        catch (IOException)
        {
            return reason;
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<(byte Type, byte[] Payload)> ReadFrameAsync()
    {
        byte[] header = new byte[HeaderBytes];
        await _stream.ReadExactlyAsync(header, _deadline);
        uint first = BinaryPrimitives.ReadUInt32BigEndian(header);
        byte[] payload = new byte[first >> 8];
        await _stream.ReadExactlyAsync(payload, _deadline);
        return ((byte)first, payload);
    }
}
