using System.Net.Sockets;
using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Targets;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Relay;
using Xunit;

namespace IgsNetty.Relay.Tests.Datagrams;

/// <summary>Host names, resolved once a minute.</summary>
public sealed class NameCacheTests
{
    private static readonly CallOrigin Caller = CallOrigin.Of("site-b", System.Net.IPAddress.Parse("10.7.0.1"));

    private readonly ManualEventLoop _loop = new();
    private readonly FakeResolver _resolver = new();
    private readonly NameCache _names;

    public NameCacheTests()
    {
        DatagramContext context = Udp.Context(new FakeTransport()) with { Resolver = _resolver };
        _names = new NameCache(Udp.Loop(_loop, context), context);
    }

    [Fact]
    public void An_answer_holds_for_a_minute_and_is_used_while_it_is_renewed()
    {
        Learn("dns.example", "10.0.0.1");
        _loop.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal("10.0.0.1", Known("dns.example"));
        Assert.Single(_resolver.Asked);

        _loop.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("10.0.0.1", Known("dns.example"));
        Assert.Equal("10.0.0.1", Known("dns.example"));
        Assert.Equal(2, _resolver.Asked.Count);
        _resolver.Answer("dns.example", "10.0.0.2", "10.0.0.3");
        Assert.Equal("10.0.0.2,10.0.0.3", Known("dns.example"));
        Assert.Equal(2, _resolver.Asked.Count);
    }

    [Fact]
    public void That_there_is_no_answer_holds_for_five_seconds()
    {
        Learn("dns.example");
        _loop.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("", Known("dns.example"));
        Assert.Single(_resolver.Asked);
        _loop.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("", Known("dns.example"));
        _resolver.Answer("dns.example", "10.0.0.1");
        Assert.Equal("10.0.0.1", Known("dns.example"));
    }

    [Fact]
    public void Addresses_are_canonical_and_stand_once()
    {
        Learn("dns.example", "::ffff:10.0.0.1", "10.0.0.1", "fe80::1%7", "fe80::1");
        Assert.Equal("10.0.0.1,fe80::1", Known("dns.example"));
    }

    [Fact]
    public void Callbacks_come_once_and_in_order()
    {
        List<int> order = [];
        for (int i = 0; i < 10; i++)
        {
            int number = i;
            Assert.True(_names.TryWait("dns.example", Caller, 1, _ => order.Add(number)));
        }

        Assert.Single(_resolver.Asked);
        _resolver.Answer("dns.example", "10.0.0.1");
        Assert.Equal(Enumerable.Range(0, 10), order);
    }

    [Fact]
    public void One_whose_names_nobody_answers_for_keeps_no_other_from_its_name()
    {
        int refused = 0;
        for (int i = 0; i < 10_000; i++)
        {
            refused += _names.TryWait($"h{i}.example", Caller, 1000, _ => { }) ? 0 : 1;
        }

        Assert.InRange(refused, 1, 9_999);
        foreach (CallOrigin other in new[] { CallOrigin.Of("site-b", System.Net.IPAddress.Parse("10.7.0.2")), new("site-c", null), new("local", null) })
        {
            string name = $"good.{other.From}.example";
            string? told = null;
            Assert.True(_names.TryWait(name, other, 1000, found => told = string.Join(',', found)));
            Assert.Equal(other, _resolver.Origins[^1]);
            _resolver.Answer(name, "10.0.0.1");
            Assert.Equal("10.0.0.1", told);
        }
    }

    [Fact]
    public void A_name_that_another_one_waits_for_is_asked_for_in_ones_own_turn()
    {
        CallOrigin other = new("site-c", null);
        List<string> told = [];
        Assert.True(_names.TryWait("dns.example", Caller, 1, _ => told.Add("first")));
        Assert.True(_names.TryWait("dns.example", Caller, 1, _ => told.Add("second")));
        Assert.True(_names.TryWait("dns.example", other, 1, _ => told.Add("other")));
        Assert.Equal([Caller, other], _resolver.Origins);

        _resolver.Fail("dns.example", new SocketException((int)SocketError.TryAgain));
        Assert.Empty(told);
        _resolver.Answer("dns.example", "10.0.0.1");
        Assert.Equal(["first", "second", "other"], told);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(65_507)]
    public void What_waits_is_bounded(int size)
    {
        int waiting = 0;
        int told = 0;
        while (waiting < 100_000 && _names.TryWait("dns.example", Caller, size, _ => told++))
        {
            waiting++;
        }

        Assert.InRange(waiting, Math.Min(10, 1024 * 1024 / (size + 1)), 20_000);
        Assert.True((long)waiting * size <= 1024 * 1024);
        Assert.False(_names.TryWait("other.example", Caller, size, _ => { }));
        _resolver.Answer("dns.example", "10.0.0.1");
        Assert.Equal(waiting, told);
        Assert.True(_names.TryWait("other.example", Caller, size, _ => { }));
    }

    [Fact]
    public void Names_are_bounded_and_those_under_way_are_kept()
    {
        bool told = false;
        Assert.True(_names.TryWait("slow.example", Caller, 1, _ => told = true));
        for (int i = 0; i < 5_000; i++)
        {
            Learn($"h{i}.example", "10.0.0.1");
        }

        Assert.False(_names.TryGet("h0.example", Caller, out _));
        Assert.Equal("10.0.0.1", Known("h4999.example"));
        _resolver.Answer("slow.example", "10.0.0.9");
        Assert.True(told);
        Assert.Equal("10.0.0.9", Known("slow.example"));
    }

    private void Learn(string host, params string[] addresses)
    {
        Assert.True(_names.TryWait(host, Caller, 1, _ => { }));
        _resolver.Answer(host, addresses);
    }

    private string? Known(string host) =>
        _names.TryGet(host, Caller, out IReadOnlyList<System.Net.IPAddress>? addresses) ? string.Join(',', addresses.Select(address => address.ToString())) : null;
}
