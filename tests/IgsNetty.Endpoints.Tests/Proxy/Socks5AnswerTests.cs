using System.Net;
using IgsNetty.Endpoints.Proxy;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Datagrams;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Proxy;

/// <summary>RFC 1928 §6: the reply to a request.</summary>
public sealed class Socks5AnswerTests
{
    private readonly Socks5Dialogue _dialogue = new(new ProxyUsers(new Dictionary<string, string>()), new DatagramOptions());

    /// <summary>Every reason there is, and its reply.</summary>
    public static TheoryData<ResetReason, byte> Replies => new()
    {
        { ResetReason.Cancelled, 0x01 },
        { ResetReason.ConnectionReset, 0x01 },
        { ResetReason.ConnectionRefused, 0x05 },
        { ResetReason.ConnectTimeout, 0x06 },
        { ResetReason.NetworkUnreachable, 0x03 },
        { ResetReason.HostUnreachable, 0x04 },
        { ResetReason.NameNotFound, 0x04 },
        { ResetReason.NotAllowed, 0x02 },
        { ResetReason.NoRoute, 0x03 },
        { ResetReason.LimitExceeded, 0x01 },
        { ResetReason.OutOfMemory, 0x01 },
        { ResetReason.LinkLost, 0x01 },
        { ResetReason.Unsupported, 0x07 },
        { ResetReason.LingerExpired, 0x01 },
        { ResetReason.Shutdown, 0x01 },
        { ResetReason.InternalError, 0x01 },
        { (ResetReason)999, 0x01 },
    };

    [Fact]
    public void Every_reason_is_in_the_table() =>
        Assert.Empty(Enum.GetValues<ResetReason>().Except(Replies.Select(row => (ResetReason)row[0])));

    [Theory]
    [MemberData(nameof(Replies))]
    public void Failure(ResetReason reason, byte code) => Assert.Equal([5, code, 0, 1, 0, 0, 0, 0, 0, 0], _dialogue.Failure(reason));

    [Theory]
    [InlineData("10.1.0.2:41000", "050000010a010002a028")]
    [InlineData("[2001:db8::1]:443", "0500000420010db800000000000000000000000101bb")]
    [InlineData("[::ffff:10.1.0.2]:41000", "050000010a010002a028")]
    [InlineData("0.0.0.0:0", "05000001000000000000")]
    public void Success_says_where_the_target_is_called_from(string bound, string reply) =>
        Assert.Equal(reply, Convert.ToHexStringLower(_dialogue.Success(TargetAddress.FromEndPoint(IPEndPoint.Parse(bound)))));

    [Fact]
    public void Success_from_an_address_that_is_not_told() =>
        Assert.Equal("05000001000000000000", Convert.ToHexStringLower(_dialogue.Success(null)));

    [Fact]
    public void Success_from_a_gateway_that_tells_a_name()
    {
        Assert.True(TargetAddress.TryCreate("gw.example", 80, out TargetAddress bound, out _));
        Assert.Equal(10, _dialogue.Success(bound).Length);
    }
}
