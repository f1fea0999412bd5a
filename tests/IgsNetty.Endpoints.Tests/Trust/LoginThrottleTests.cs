using System.Net;
using IgsNetty.Endpoints.Trust;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Trust;

public sealed class LoginThrottleTests
{
    private static readonly IPAddress Address = IPAddress.Parse("10.0.0.1");

    private readonly LoginThrottle _throttle;
    private long _now = 1_000_000;

    public LoginThrottleTests() => _throttle = new LoginThrottle(() => _now);

    [Fact]
    public void Ten_failures_silence_an_address_for_ten_seconds()
    {
        Fail(9);
        Assert.False(_throttle.IsBlocked(Address));
        Fail(1);
        Assert.True(_throttle.IsBlocked(Address));
        Assert.False(_throttle.IsBlocked(IPAddress.Parse("10.0.0.2")));
        _now += LoginThrottle.Pause;
        Assert.False(_throttle.IsBlocked(Address));
        Fail(1);
        Assert.True(_throttle.IsBlocked(Address));
    }

    [Fact]
    public void They_are_forgotten_after_a_minute()
    {
        Fail(9);
        _now += LoginThrottle.Window + 1;
        Fail(9);
        Assert.False(_throttle.IsBlocked(Address));
    }

    [Fact]
    public void Others_that_fail_do_not_make_it_forget_the_last_ones()
    {
        for (int i = 0; i < 100_000; i++)
        {
            _throttle.OnFailure(new IPAddress(0x0B000000 + i));
        }

        Fail(10);
        for (int i = 0; i < 4000; i++)
        {
            _throttle.OnFailure(new IPAddress(0x0C000000 + i));
        }

        Assert.True(_throttle.IsBlocked(Address));
    }

    private void Fail(int times)
    {
        for (int i = 0; i < times; i++)
        {
            _throttle.OnFailure(Address);
        }
    }
}
