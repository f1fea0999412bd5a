using System.Net.Sockets;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.Protocol.Codec;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Messages;
using IgsNetty.Protocol.Values;
using IgsNetty.TestKit.Wire;
using Xunit.Sdk;

namespace IgsNetty.SpecTests.Harness;

/// <summary>The test's end of one link, byte by byte in the test's hands. Pings of the gateway are read over, and credit, unless asked for.</summary>
internal sealed class SpecLink : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _header = new byte[FrameHeader.Size];
    private ulong _pings;

    private SpecLink(Socket socket, bool gatewayDialled)
    {
        _socket = socket;
        _socket.NoDelay = true;
        GatewayDialled = gatewayDialled;
    }

    public bool GatewayDialled { get; }

    /// <summary>The name that the test goes by.</summary>
    public string Name => GatewayDialled ? SpecGateway.DialledPeer : SpecGateway.DiallingPeer;

    /// <summary>Whether frames with credit are told, too.</summary>
    public bool ShowsCredit { get; set; }

    /// <summary>The payload of the gateway's Hello.</summary>
    public byte[] GatewayHello { get; private set; } = [];

    /// <summary>A connection to or from the gateway on which nothing has been said.</summary>
    public static async Task<SpecLink> ConnectAsync(SpecGateway gateway, bool gatewayDials)
    {
        if (gatewayDials)
        {
            return new SpecLink(await gateway.AcceptLinkAsync(), gatewayDialled: true);
        }

        Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(gateway.Link);
        return new SpecLink(socket, gatewayDialled: false);
    }

    /// <summary>A link that stands.</summary>
    public static async Task<SpecLink> EstablishAsync(SpecGateway gateway, bool gatewayDials, Func<Hello, Hello>? change = null)
    {
        SpecLink link = await ConnectAsync(gateway, gatewayDials);
        await link.SendAsync(link.Hello(change));
        await link.ReadHelloAsync();
        await link.PingAsync(); // one that dialled said Hello before it heard the test's
        return link;
    }

    /// <summary>The n-th ID that the gateway opens, from 0.</summary>
    public uint Own(uint n = 0) => StreamId.First(GatewayDialled) + (2 * n);

    /// <summary>The n-th ID that the test opens, from 0.</summary>
    public uint Theirs(uint n = 0) => StreamId.First(!GatewayDialled) + (2 * n);

    /// <summary>The test's Hello as a frame.</summary>
    public byte[] Hello(Func<Hello, Hello>? change = null)
    {
        Hello hello = new()
        {
            Capabilities = Capabilities.Datagrams,
            MaxFramePayload = FrameLimits.MaxPayload,
            MaxStreams = 1000,
            InitialWindow = 65_536,
            Nonce = new byte[Protocol.Messages.Hello.NonceBytes],
            Name = Name,
        };
        return FrameStream.Hello(change is null ? hello : change(hello));
    }

    public async Task ReadHelloAsync()
    {
        WireFrame frame = await NextAsync() ?? throw new XunitException("the gateway sends no Hello");
        if (frame.Type != FrameType.Hello || MessageReader.Read(frame.Payload, out Hello _) is not null)
        {
            throw new XunitException($"instead of a Hello comes {frame.Type} {Convert.ToHexStringLower(frame.Payload)}");
        }

        GatewayHello = frame.Bytes.ToArray();
    }

    public Task SendAsync(params byte[][] frames) => TrySendAsync(frames);

    /// <returns>False when the gateway has closed before it got all; what it has said is there to be read.</returns>
    public async Task<bool> TrySendAsync(params byte[][] frames)
    {
        ReadOnlyMemory<byte> rest = FrameStream.Join(frames);
        using CancellationTokenSource deadline = new(HangGuard.Event);
        try
        {
            while (!rest.IsEmpty)
            {
                rest = rest[await _socket.SendAsync(rest, deadline.Token)..];
            }

            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>The test sends nothing more.</summary>
    public void SendEnd() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>The next frame; null at the end.</summary>
    public async Task<WireFrame?> NextAsync()
    {
        while (true)
        {
            if (!await FillAsync(_header))
            {
                return null;
            }

            FrameHeader header = FrameHeader.Read(_header);
            byte[] payload = new byte[header.PayloadLength];
            if (!await FillAsync(payload))
            {
                throw new XunitException($"the link ends in the middle of {header}");
            }

            if (header.Type != FrameType.Ping && (ShowsCredit || header.Type != FrameType.WindowUpdate))
            {
                return new WireFrame(header, payload);
            }
        }
    }

    /// <summary>The next frame, which must be of this type.</summary>
    public async Task<WireFrame> NextAsync(FrameType type)
    {
        WireFrame? frame = await NextAsync();
        return frame?.Type == type
            ? frame
            : throw new XunitException($"{type} is expected; there is {frame?.Type.ToString() ?? "the end"} {frame?.StreamId} {Convert.ToHexStringLower(frame is null ? [] : frame.Payload)}");
    }

    /// <summary>Sends a Ping, and reads what comes until its Pong: by then the gateway has seen all that was sent before.</summary>
    public async Task<IReadOnlyList<WireFrame>> PingAsync()
    {
        ulong number = ++_pings;
        byte[] pong = FrameStream.Pong(number);
        await SendAsync(FrameStream.Ping(number));
        List<WireFrame> frames = [];
        while (true)
        {
            WireFrame? frame = await NextAsync();
            if (frame is null || frame.Type == FrameType.GoAway)
            {
                throw new XunitException($"instead of an answer to Ping comes {(frame is null ? "the end" : $"GoAway {frame.GoAwayReason}: {System.Text.Encoding.UTF8.GetString(frame.Payload[6..])}")}");
            }

            if (frame.Type == FrameType.Pong && frame.Payload.SequenceEqual(pong.AsSpan(FrameHeader.Size)))
            {
                return frames;
            }

            frames.Add(frame);
        }
    }

    /// <summary>All frames until the gateway closes; then the test does.</summary>
    public async Task<IReadOnlyList<WireFrame>> ReadToEndAsync()
    {
        List<WireFrame> frames = [];
        while (await NextAsync() is { } frame)
        {
            frames.Add(frame);
        }

        return frames;
    }

    /// <summary>Ends the link and waits until the gateway has seen it.</summary>
    public async Task CloseAsync()
    {
        try
        {
            SendEnd();
            while (await NextAsync() is not null)
            {
            }
        }
        catch (Exception e) when (e is SocketException or XunitException)
        {
            // It has ended before.
        }
    }

    public void Dispose() => _socket.Dispose();

    // False at the end, a reset included: a gateway that closes may have bytes that it has not read.
    private async Task<bool> FillAsync(Memory<byte> destination)
    {
        int done = 0;
        using CancellationTokenSource deadline = new(HangGuard.Event);
        try
        {
            while (done < destination.Length)
            {
                int count = await _socket.ReceiveAsync(destination[done..], deadline.Token);
                if (count == 0)
                {
                    break;
                }

                done += count;
            }
        }
        catch (SocketException)
        {
            done = 0;
        }
        catch (OperationCanceledException)
        {
            throw new XunitException($"the gateway neither answers nor closes in time");
        }

        return done == destination.Length;
    }
}
