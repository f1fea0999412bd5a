using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace IgsNetty.TestKit.Names;

/// <summary>
/// A DNS server on loopback, over UDP and TCP on one port, that answers what the test says. A question without an answer stays
/// unanswered. Thread-safe.
/// </summary>
public sealed class NameServer : IDisposable
{
    private const ushort TypeA = 1;
    private const ushort TypeCname = 5;
    private const int MaxPortTries = 100;

    private readonly Socket _datagrams;
    private readonly Socket _streams;
    private readonly ConcurrentDictionary<(string Name, bool IsSix), DnsAnswer> _answers = new();
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly CancellationTokenSource _closed = new();

    /// <param name="address">Where; port 0: one that is free for both.</param>
    /// <param name="hasStreams">Whether it answers over TCP.</param>
    public NameServer(IPEndPoint? address = null, bool hasStreams = true)
    {
        address ??= new IPEndPoint(IPAddress.Loopback, 0);
        (_datagrams, _streams) = Bind(address);
        Address = (IPEndPoint)_datagrams.LocalEndPoint!;
        _ = ServeDatagramsAsync();
        if (hasStreams)
        {
            _streams.Listen();
            _ = AcceptAsync();
        }
    }

    public IPEndPoint Address { get; }

    /// <summary>Every question so far, as <c>udp A name</c>.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    /// <summary>Answers a name: A, then AAAA. Null: a question of that type is never answered.</summary>
    public void Set(string name, DnsAnswer? four, DnsAnswer? six)
    {
        Set(name, isSix: false, four);
        Set(name, isSix: true, six);
    }

    public void Dispose()
    {
        _closed.Cancel();
        _datagrams.Dispose();
        _streams.Dispose();
    }

    private static (Socket Datagrams, Socket Streams) Bind(IPEndPoint address)
    {
        for (int tries = 1; ; tries++)
        {
            Socket datagrams = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            Socket streams = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                datagrams.Bind(address);
                streams.Bind(datagrams.LocalEndPoint!);
                return (datagrams, streams);
            }
            catch (SocketException) when (address.Port == 0 && tries < MaxPortTries)
            {
                datagrams.Dispose(); // the port was free for one of the two only
                streams.Dispose();
            }
        }
    }

    private void Set(string name, bool isSix, DnsAnswer? answer)
    {
        if (answer is null)
        {
            _answers.TryRemove((name, isSix), out _);
        }
        else
        {
            _answers[(name, isSix)] = answer;
        }
    }

    private async Task ServeDatagramsAsync()
    {
        byte[] buffer = new byte[4096];
        while (!_closed.IsCancellationRequested)
        {
            try
            {
                SocketReceiveFromResult got = await _datagrams.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                _ = AnswerAsync(buffer[..got.ReceivedBytes], got.RemoteEndPoint);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // Closed, or an answer did not arrive.
            }
        }
    }

    private async Task AnswerAsync(byte[] query, EndPoint to)
    {
        if (Find(query, "udp") is not { } answer)
        {
            return;
        }

        await answer.After;
        if (answer.HasForgeries)
        {
            byte[] wrongId = Reply(query, DnsAnswer.Of("192.0.2.66"), isStream: false);
            wrongId[1] ^= 1;
            byte[] wrongName = Reply(query, DnsAnswer.Of("192.0.2.66"), isStream: false);
            wrongName[13] ^= 1;
            foreach (byte[] forged in (byte[][])[[], [1, 2, 3], query, wrongId, wrongName])
            {
                await _datagrams.SendToAsync(forged, to);
            }
        }

        await _datagrams.SendToAsync(Reply(query, answer, isStream: false), to);
    }

    private async Task AcceptAsync()
    {
        while (!_closed.IsCancellationRequested)
        {
            try
            {
                _ = ServeStreamAsync(await _streams.AcceptAsync(_closed.Token));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // Closed.
            }
        }
    }

    private async Task ServeStreamAsync(Socket socket)
    {
        using NetworkStream stream = new(socket, ownsSocket: true);
        byte[] length = new byte[2];
        await stream.ReadExactlyAsync(length, _closed.Token);
        byte[] query = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(query, _closed.Token);
        if (Find(query, "tcp") is { } answer)
        {
            byte[] reply = Reply(query, answer, isStream: true);
            BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)reply.Length);
            await stream.WriteAsync((byte[])[.. length, .. reply], _closed.Token);
        }
    }

    private DnsAnswer? Find(byte[] query, string transport)
    {
        List<string> labels = [];
        int at = 12;
        for (; query[at] != 0; at += query[at] + 1)
        {
            labels.Add(Encoding.ASCII.GetString(query, at + 1, query[at]));
        }

        string name = string.Join('.', labels);
        bool isSix = BinaryPrimitives.ReadUInt16BigEndian(query.AsSpan(at + 1)) != TypeA;
        _asked.Enqueue($"{transport} {(isSix ? "AAAA" : "A")} {name}");
        return _answers.GetValueOrDefault((name, isSix));
    }

    private static byte[] Reply(byte[] query, DnsAnswer answer, bool isStream)
    {
        bool isCut = answer.IsTruncated && !isStream;
        List<byte> reply = [.. query];
        reply[2] = (byte)(0x81 | (isCut ? 0x02 : 0)); // response, recursion desired
        reply[3] = (byte)(0x80 | answer.Code);
        if (isCut)
        {
            return [.. reply];
        }

        reply[6] = (byte)((answer.Aliases.Count + answer.Addresses.Count) >> 8);
        reply[7] = (byte)(answer.Aliases.Count + answer.Addresses.Count);
        byte[] owner = [0xC0, 12]; // the name in the question
        foreach (string alias in answer.Aliases)
        {
            byte[] target = [.. alias.Split('.').SelectMany(label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]), 0];
            Record(reply, owner, TypeCname, target);
            owner = target;
        }

        foreach (IPAddress address in answer.Addresses)
        {
            byte[] data = address.GetAddressBytes();
            Record(reply, owner, data.Length == 4 ? TypeA : (ushort)28, data);
        }

        return [.. reply];
    }

    private static void Record(List<byte> reply, byte[] owner, ushort type, byte[] data) =>
        reply.AddRange([.. owner, (byte)(type >> 8), (byte)type, 0, 1, 0, 0, 0, 60, (byte)(data.Length >> 8), (byte)data.Length, .. data]);
}
