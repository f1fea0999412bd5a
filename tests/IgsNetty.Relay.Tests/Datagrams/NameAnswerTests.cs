using System.Net;
using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Targets;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Relay;
using Xunit;

namespace IgsNetty.Relay.Tests.Datagrams;

/// <summary>What a resolver may answer, and when.</summary>
public sealed class NameAnswerTests
{
    private readonly ManualEventLoop _loop = new();
    private Func<Task<IPAddress[]>> _answer = () => Task.FromResult<IPAddress[]>([IPAddress.Loopback]);
    private static readonly CallOrigin Caller = new("site-b", null);
    private int _asked;

    [Fact]
    public void An_answer_at_once_calls_back_too_and_gives_the_room_back()
    {
        NameCache names = NewCache();
        int told = 0;
        for (int i = 0; i < 3000; i++) // far more than may wait at a time
        {
            Assert.True(names.TryWait($"h{i}.example", Caller, 1000, _ => told++));
        }

        Assert.Equal(3000, told);
    }

    [Fact]
    public void A_good_answer_outlives_failures_for_a_minute()
    {
        NameCache names = NewCache();
        Assert.True(names.TryWait("dns.example", Caller, 1, _ => { }));
        _answer = () => Task.FromException<IPAddress[]>(new InvalidOperationException("no resolver"));
        _loop.Advance(TimeSpan.FromSeconds(61));
        for (int failure = 1; failure <= 12; failure++)
        {
            Assert.True(names.TryGet("dns.example", Caller, out IReadOnlyList<IPAddress>? addresses));
            Assert.Equal([IPAddress.Loopback], addresses);
            Assert.Equal(1 + failure, _asked);
            _loop.Advance(TimeSpan.FromMilliseconds(5001));
        }

        Assert.True(names.TryGet("dns.example", Caller, out IReadOnlyList<IPAddress>? none));
        Assert.Empty(none);
        _answer = () => Task.FromResult<IPAddress[]>([IPAddress.IPv6Loopback]);
        _loop.Advance(TimeSpan.FromMilliseconds(5001));
        names.TryGet("dns.example", Caller, out _);
        Assert.True(names.TryGet("dns.example", Caller, out IReadOnlyList<IPAddress>? renewed));
        Assert.Equal([IPAddress.IPv6Loopback], renewed);
    }

    [Fact]
    public void A_resolver_that_throws_holds_no_place()
    {
        _answer = () => throw new ArgumentException("a name that it does not like");
        NameCache names = NewCache();
        for (int i = 0; i < 100; i++)
        {
            Assert.True(names.TryWait($"h{i}.example", Caller, 1, Assert.Empty));
        }
    }

    private NameCache NewCache()
    {
        DatagramContext context = Udp.Context(new FakeTransport()) with
        {
            Resolver = new LambdaResolver((_, _) =>
            {
                _asked++;
                return _answer();
            }),
        };
        return new NameCache(Udp.Loop(_loop, context), context);
    }
}
