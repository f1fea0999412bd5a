using System.Net;
using System.Net.Sockets;
using IgsNetty.Perf.Contenders.Bare;
using IgsNetty.Perf.Load;
using IgsNetty.Perf.Tests.Harness;
using Xunit;

namespace IgsNetty.Perf.Tests;

/// <summary>The gateways are measured by it, so it must be right.</summary>
public sealed class BareRelayTests : IDisposable
{
    /// <summary>Some times what all sockets and the relay's buffer hold.</summary>
    private const int Large = 24 * 1024 * 1024;

    private readonly BareLoop _loop = new();
    private readonly Socket _target = LoadSocket.Listen(address: null);
    private readonly Socket _relay = LoadSocket.Listen(address: null);
    private readonly Thread _thread;

    public BareRelayTests()
    {
        _relay.Blocking = false;
        _loop.Add(new BareListener(_relay, (IPEndPoint)_target.LocalEndPoint!, _loop));
        _thread = new Thread(_loop.Run) { IsBackground = true };
        _thread.Start();
    }

    public void Dispose()
    {
        _loop.Stop();
        _thread.Join();
        _loop.Dispose();
        _relay.Dispose();
        _target.Dispose();
    }

    [LinuxFact]
    public void An_end_of_one_way_leaves_the_other_open()
    {
        (Socket caller, Socket called) = Call();
        caller.Send("question"u8);
        caller.Shutdown(SocketShutdown.Send);
        Assert.Equal("question"u8.ToArray(), ReadToEnd(called));
        called.Send("answer"u8);
        called.Shutdown(SocketShutdown.Send);
        Assert.Equal("answer"u8.ToArray(), ReadToEnd(caller));
    }

    [LinuxFact]
    public async Task Both_ways_at_once_carry_every_byte_whatever_the_pace()
    {
        (Socket caller, Socket called) = Call();
        byte[] there = Bytes(1);
        byte[] back = Bytes(2);
        Task<byte[]>[] ways = [Task.Run(() => ReadToEnd(called)), Task.Run(() => ReadToEnd(caller))];
        Task[] senders = [Task.Run(() => SendInPieces(caller, there, 300_000)), Task.Run(() => SendInPieces(called, back, 7_001))];
        await Task.WhenAll(senders);
        byte[][] arrived = await Task.WhenAll(ways);
        Assert.True(there.AsSpan().SequenceEqual(arrived[0]));
        Assert.True(back.AsSpan().SequenceEqual(arrived[1]));
    }

    [LinuxFact]
    public async Task A_reader_that_begins_late_gets_every_byte()
    {
        (Socket caller, Socket called) = Call();
        byte[] sent = Bytes(3);
        caller.Blocking = false;
        int taken = 0;
        while (taken < sent.Length && caller.Poll(TimeSpan.FromSeconds(0.5), SelectMode.SelectWrite))
        {
            int count = caller.Send(sent.AsSpan(taken), SocketFlags.None, out SocketError error);
            taken += error == SocketError.Success ? count : 0;
        }

        // Everything on the way is full.
        Assert.InRange(taken, 1, sent.Length - 1);
        Task<byte[]> reader = Task.Run(() => ReadToEnd(called));
        caller.Blocking = true;
        SendInPieces(caller, sent[taken..], 64 * 1024);
        byte[] arrived = await reader;
        Assert.True(sent.AsSpan().SequenceEqual(arrived));
    }

    [LinuxFact]
    public void A_reset_ends_the_other_side()
    {
        (Socket caller, Socket called) = Call();
        called.LingerState = new LingerOption(enable: true, seconds: 0);
        called.Dispose();
        Assert.Equal(0, ReceiveOrEnd(caller));
    }

    [LinuxFact]
    public void Calls_go_on_beside_one_that_stands_still()
    {
        (Socket stopped, _) = Call();
        stopped.Blocking = false;
        stopped.Send(new byte[1024 * 1024], SocketFlags.None, out _);
        for (int i = 0; i < 50; i++)
        {
            (Socket caller, Socket called) = Call();
            caller.Send([(byte)i]);
            byte[] one = new byte[1];
            LoadSocket.ReceiveExactly(called, one);
            Assert.Equal(i, one[0]);
            caller.Dispose();
            called.Dispose();
        }
    }

    [LinuxFact]
    public async Task Processes_that_start_meanwhile_bring_it_no_call_that_is_over()
    {
        await using StartingProcesses others = new();
        for (int i = 0; i < 2000; i++)
        {
            (Socket caller, Socket called) = Call();
            caller.Send([1]);
            LoadSocket.ReceiveExactly(called, new byte[1]);
            caller.Dispose();
            called.Dispose();
        }
    }

    private (Socket Caller, Socket Called) Call()
    {
        Socket caller = LoadSocket.Connect((IPEndPoint)_relay.LocalEndPoint!);
        Socket called = _target.Accept();
        LoadSocket.Prepare(called);
        return (caller, called);
    }

    private static byte[] Bytes(int seed)
    {
        byte[] bytes = new byte[Large];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static void SendInPieces(Socket socket, byte[] bytes, int piece)
    {
        for (int i = 0; i < bytes.Length; i += piece)
        {
            socket.Send(bytes.AsSpan(i, Math.Min(piece, bytes.Length - i)));
        }

        socket.Shutdown(SocketShutdown.Send);
    }

    private static byte[] ReadToEnd(Socket socket)
    {
        using MemoryStream all = new();
        byte[] buffer = new byte[100_000];
        for (int count; (count = socket.Receive(buffer)) > 0;)
        {
            all.Write(buffer, 0, count);
        }

        return all.ToArray();
    }

    private static int ReceiveOrEnd(Socket socket)
    {
        try
        {
            return socket.Receive(new byte[1]);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return 0;
        }
    }
}
