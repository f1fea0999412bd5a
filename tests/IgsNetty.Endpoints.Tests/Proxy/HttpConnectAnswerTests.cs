using System.Text;
using IgsNetty.Endpoints.Proxy;
using IgsNetty.Protocol.Values;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Proxy;

/// <summary>RFC 9110 §15: the status of a reply.</summary>
public sealed class HttpConnectAnswerTests
{
    private readonly HttpConnectDialogue _dialogue = new(new ProxyUsers(new Dictionary<string, string>()));

    /// <summary>Every reason there is, and its status.</summary>
    public static TheoryData<ResetReason, int> Statuses => new()
    {
        { ResetReason.Cancelled, 502 },
        { ResetReason.ConnectionReset, 502 },
        { ResetReason.ConnectionRefused, 502 },
        { ResetReason.ConnectTimeout, 504 },
        { ResetReason.NetworkUnreachable, 502 },
        { ResetReason.HostUnreachable, 502 },
        { ResetReason.NameNotFound, 502 },
        { ResetReason.NotAllowed, 403 },
        { ResetReason.NoRoute, 503 },
        { ResetReason.LimitExceeded, 503 },
        { ResetReason.OutOfMemory, 503 },
        { ResetReason.LinkLost, 503 },
        { ResetReason.Unsupported, 502 },
        { ResetReason.LingerExpired, 502 },
        { ResetReason.Shutdown, 503 },
        { ResetReason.InternalError, 502 },
        { (ResetReason)999, 502 },
    };

    [Fact]
    public void Every_reason_is_in_the_table() =>
        Assert.Empty(Enum.GetValues<ResetReason>().Except(Statuses.Select(row => (ResetReason)row[0])));

    [Theory]
    [MemberData(nameof(Statuses))]
    public void Failure(ResetReason reason, int status)
    {
        string reply = Encoding.ASCII.GetString(_dialogue.Failure(reason));
        Assert.StartsWith($"HTTP/1.1 {status} ", reply, StringComparison.Ordinal);
        HttpReply.AssertWellFormed(reply);
    }

    [Fact]
    public void Success_has_neither_body_nor_length() => Assert.Equal("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), _dialogue.Success(null));
}
