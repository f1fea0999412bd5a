using System.Text;
using IgsNetty.Endpoints.Proxy;
using IgsNetty.Endpoints.Trust;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Routing;
using IgsNetty.TestKit.Buffers;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Diagnostics;
using IgsNetty.TestKit.Relay;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Proxy;

/// <summary>A caller of the proxy port, from its first byte until it is joined with its target or turned away.</summary>
public sealed class ProxyHandlerTests : IDisposable
{
    private static readonly byte[] Socks = Convert.FromHexString("050100" + "05010001" + "0a010203" + "0050");
    private static readonly byte[] Http = Encoding.ASCII.GetBytes("CONNECT 10.1.2.3:80 HTTP/1.1\r\nHost: x\r\n\r\n");

    private readonly ManualEventLoop _loop = new();
    private readonly LeakCheck _buffers = new();
    private readonly FakeConnector _connector = new();
    private readonly CapturingLogger _log = new();
    private readonly List<EmbeddedStreamSocket> _sockets = [];
    private readonly ProxyPort _port;

    public ProxyHandlerTests()
    {
        EndpointContext context = Contexts.Direct(_loop, _connector, _log);
        _port = new ProxyPort(context, new ProxyOptions(), context.Loops[0]);
    }

    public void Dispose()
    {
        foreach (EmbeddedStreamSocket socket in _sockets)
        {
            _ = socket.CloseAsync();
            _loop.RunTasks();
            socket.CheckException();
            Assert.Empty(socket.InboundMessages);
        }

        _buffers.AssertNoLeaks();
        Assert.DoesNotContain(_log.Entries, entry => entry.Exception is not null);
    }

    [Fact]
    public void A_SOCKS_caller_is_joined_with_its_target_however_it_is_cut()
    {
        byte[] all = [.. Socks, 1, 2, 3];
        foreach (byte[][] reads in Splits.InTwo(all).Append([.. Splits.ByteByByte(all)]))
        {
            Check(reads, "0500" + "050000010a000001a028");
        }
    }

    [Fact]
    public void An_HTTP_caller_is_joined_with_its_target_however_it_is_cut()
    {
        byte[] all = [.. Http, 1, 2, 3];
        foreach (byte[][] reads in Splits.InTwo(all).Append([.. Splits.ByteByByte(all)]))
        {
            Check(reads, Convert.ToHexStringLower("HTTP/1.1 200 Connection established\r\n\r\n"u8));
        }
    }

    [Theory]
    [InlineData(true, "0500" + "05050001000000000000")]
    [InlineData(false, "485454502f312e3120353032")]
    public void A_target_that_refuses_is_told_to_the_caller_and_ends_gently(bool socks, string reply)
    {
        EmbeddedStreamSocket caller = NewCaller();
        Receive(caller, socks ? Socks : Http);
        _connector.Last.Fail(ResetReason.ConnectionRefused);
        _loop.RunTasks();
        Assert.StartsWith(reply, Convert.ToHexStringLower(caller.Output.Take()), StringComparison.Ordinal);
        Assert.True(caller.IsOutputShut);
        Assert.False(caller.IsAborted);
        caller.ReceiveEnd();
        _loop.RunTasks();
        Assert.False(caller.Active);
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x06)]
    [InlineData(0x16)]
    [InlineData((byte)' ')]
    public void Something_that_is_neither_is_turned_away_without_an_answer(byte first)
    {
        EmbeddedStreamSocket caller = NewCaller();
        Receive(caller, [first, 1, 2, 3]);
        Assert.Empty(caller.Output.Take());
        Assert.True(caller.IsOutputShut);
        Receive(caller, Socks);
        Assert.Empty(_connector.Requests);
        _loop.Advance(TimeSpan.FromSeconds(2));
        Assert.False(caller.Active);
    }

    [Fact]
    public void It_has_a_deadline()
    {
        EmbeddedStreamSocket caller = NewCaller();
        _loop.Advance(TimeSpan.FromSeconds(9.9));
        Receive(caller, Socks[..10]);
        Assert.False(caller.IsOutputShut);
        _loop.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(caller.IsOutputShut);
        Assert.Contains(_log.Entries, entry => entry.Message.Contains("no complete request within 10 s", StringComparison.Ordinal));
        Assert.Equal("0500", Convert.ToHexStringLower(caller.Output.Take()));
    }

    [Theory]
    [InlineData(true, "HTTP/1.1 408 ")]
    [InlineData(false, "HTTP/1.1 400 ")]
    public void Half_an_HTTP_request_is_answered_at_the_deadline_and_at_its_end(bool isLate, string status)
    {
        EmbeddedStreamSocket caller = NewCaller();
        Receive(caller, Http[..20]);
        if (isLate)
        {
            _loop.Advance(TimeSpan.FromSeconds(10));
        }
        else
        {
            caller.ReceiveEnd();
            _loop.RunTasks();
        }

        Assert.StartsWith(status, Encoding.ASCII.GetString(caller.Output.Take()), StringComparison.Ordinal);
        Assert.True(caller.IsOutputShut);
    }

    [Fact]
    public void A_SOCKS4_caller_is_joined_with_its_target_however_it_is_cut()
    {
        byte[] all = Convert.FromHexString("0401" + "0050" + "0a010203" + "6d6500" + "010203");
        foreach (byte[][] reads in Splits.InTwo(all).Append([.. Splits.ByteByByte(all)]))
        {
            Check(reads, "005a" + "a028" + "0a000001");
        }
    }

    [Fact]
    public void A_call_that_has_begun_has_none()
    {
        EmbeddedStreamSocket caller = NewCaller();
        Receive(caller, Socks);
        _loop.Advance(TimeSpan.FromMinutes(1));
        Assert.True(caller.Active);
        Assert.False(caller.IsOutputShut);
        _connector.Last.Fail(ResetReason.Cancelled);
    }

    [Fact]
    public void A_caller_that_goes_away_in_the_middle()
    {
        EmbeddedStreamSocket ends = NewCaller();
        Receive(ends, Socks[..8]);
        ends.ReceiveEnd();
        EmbeddedStreamSocket resets = NewCaller();
        Receive(resets, Http[..8]);
        resets.ReceiveReset();
        _loop.RunTasks();
        Assert.False(ends.Active);
        Assert.False(resets.Active);
        Assert.Empty(_connector.Requests);
    }

    [Fact]
    public void A_header_without_an_end_is_not_kept_for_ever()
    {
        EmbeddedStreamSocket caller = NewCaller();
        for (int i = 0; i < 40; i++)
        {
            Receive(caller, [.. Enumerable.Repeat((byte)'A', 1000)]);
        }

        Assert.StartsWith("HTTP/1.1 431 ", Encoding.ASCII.GetString(caller.Output.Take()), StringComparison.Ordinal);
        Assert.InRange(_buffers.BytesInUse, 0, 4096);
    }

    [Fact]
    public void A_byte_costs_no_more_than_itself_however_many_came_before()
    {
        const int Bytes = 8000;
        EmbeddedStreamSocket caller = NewCaller();
        Receive(caller, [.. Splits.ByteByByte([.. Enumerable.Repeat((byte)'A', Bytes)])]);
        Assert.False(caller.IsOutputShut);
        Assert.InRange(_buffers.Allocations, Bytes, Bytes + 20); // a receive buffer for each read, and what they are put together in
    }

    private void Check(byte[][] reads, string reply)
    {
        EmbeddedStreamSocket caller = NewCaller();
        Receive(caller, reads);
        Assert.Equal("10.1.2.3:80", _connector.Last.Target.ToString());
        Assert.Equal(AccessPolicy.Local, _connector.Last.Caller);
        EmbeddedStreamSocket target = new(_loop, _buffers);
        _sockets.Add(target);
        _connector.Last.Connect(target);
        target.Receive([7]);
        _loop.RunTasks();
        Assert.Equal(reply + "07", Convert.ToHexStringLower(caller.Output.Take()));
        Assert.Equal([1, 2, 3], target.Output.Take());
    }

    private void Receive(EmbeddedStreamSocket caller, params byte[][] reads)
    {
        foreach (byte[] read in reads)
        {
            caller.Receive(read);
            _loop.RunTasks();
        }
    }

    private EmbeddedStreamSocket NewCaller()
    {
        EmbeddedStreamSocket socket = new(_loop, _buffers, register: false);
        HandshakePass pass = _port.Context.ProxyHandshakes.Enter(socket, _port.Context.Loops[0]);
        socket.Pipeline.AddLast("proxy", new ProxyHandler(_port, socket, pass));
        _loop.RegisterAsync(socket);
        _sockets.Add(socket);
        return socket;
    }
}
