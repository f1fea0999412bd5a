using System.Net;
using IgsNetty.Endpoints.Proxy;
using IgsNetty.Endpoints.Trust;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Proxy;

/// <summary>Logins that need PBKDF2, many at a time.</summary>
public sealed class ProxyLoginsTests
{
    private static readonly IPAddress Address = IPAddress.Parse("10.0.0.1");

    private int _computed;

    [Fact]
    public async Task Many_right_ones_at_once_cost_one_computation()
    {
        ProxyLogins logins = New();
        LoginVerdict[] verdicts = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => logins.CheckAsync(Address, Of("secret"), () => true)));
        Assert.All(verdicts, verdict => Assert.Equal(LoginVerdict.Right, verdict));
        Assert.Equal(1, _computed);
        Assert.Equal(LoginVerdict.Right, logins.CheckAtOnce(Address, Of("secret")));
    }

    [Fact]
    public async Task Many_wrong_ones_at_once_cost_ten_and_then_nobody_looks()
    {
        ProxyLogins logins = New();
        LoginVerdict[] verdicts = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => logins.CheckAsync(Address, Of($"guess {i}"), () => true)));
        Assert.Equal(LoginThrottle.MostFailures, verdicts.Count(verdict => verdict == LoginVerdict.Wrong));
        Assert.Equal(90, verdicts.Count(verdict => verdict == LoginVerdict.NotHeard));
        Assert.Equal(LoginThrottle.MostFailures, _computed);
    }

    [Fact]
    public async Task A_right_one_of_a_silenced_address_is_not_heard_either()
    {
        ProxyLogins logins = New();
        for (int i = 0; i < LoginThrottle.MostFailures; i++)
        {
            await logins.CheckAsync(Address, Of("guess"), () => true);
        }

        Assert.Equal(LoginVerdict.NotHeard, logins.CheckAtOnce(Address, Of("secret")));
        Assert.Equal(LoginVerdict.Right, await logins.CheckAsync(IPAddress.Parse("10.0.0.2"), Of("secret"), () => true));
    }

    [Fact]
    public async Task A_caller_that_is_gone_costs_nothing()
    {
        ProxyLogins logins = New();
        Assert.Equal(LoginVerdict.NotHeard, await logins.CheckAsync(Address, Of("secret"), () => false));
        Assert.Equal(0, _computed);
    }

    private static Login Of(string password) => new("eve", System.Text.Encoding.UTF8.GetBytes(password));

    private ProxyLogins New() => new(
        new ProxyUsers(new Dictionary<string, string> { ["eve"] = PasswordHash.Create("secret"u8, rounds: 1000).ToString() }),
        new LoginThrottle(() => 1_000_000),
        check => Task.Run(() =>
        {
            Interlocked.Increment(ref _computed);
            return check();
        }));
}
