using System.Text;
using IgsNetty.Endpoints.Proxy;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Proxy;

/// <summary>RFC 9110 §9.3.6: the request.</summary>
public sealed class HttpConnectDialogueTests
{
    private static readonly ProxyUsers Nobody = new(new Dictionary<string, string>());
    private static readonly ProxyUsers Users = new(new Dictionary<string, string> { ["eve"] = "sec:ret", ["adam"] = "", ["z\u00f6e"] = "p\u00e4ss" });

    [Theory]
    [InlineData("CONNECT db.plant.example:5432 HTTP/1.1", "db.plant.example:5432")]
    [InlineData("CONNECT DB.Plant.Example.:5432 HTTP/1.0", "db.plant.example:5432")]
    [InlineData("CONNECT 10.1.2.3:80 HTTP/1.1", "10.1.2.3:80")]
    [InlineData("CONNECT 0x0a.1.2.3:80 HTTP/1.1", "10.1.2.3:80")]
    [InlineData("CONNECT [2001:db8::1]:443 HTTP/1.1", "[2001:db8::1]:443")]
    [InlineData("CONNECT [::ffff:10.1.2.3]:443 HTTP/1.1", "10.1.2.3:443")]
    public void Connect(string line, string target)
    {
        foreach (string headers in new[] { "", "Host: x\r\n", "Host: x\r\nUser-Agent: y\r\nProxy-Connection: keep-alive\r\n" })
        {
            Assert.Equal(new Talk("", target, null, null, ""), Request($"{line}\r\n{headers}\r\n"));
        }
    }

    [Fact]
    public void What_follows_the_header_is_left_for_the_target()
    {
        Talk talk = Request("CONNECT a:1 HTTP/1.1\r\n\r\n\r\n\r\n\u0016\u0003\u0001");
        Assert.Equal("a:1", talk.Target);
        Assert.Equal("0d0a0d0a160301", talk.Left);
    }

    [Theory]
    [InlineData("CONNECT a HTTP/1.1", 400)]
    [InlineData("CONNECT a: HTTP/1.1", 400)]
    [InlineData("CONNECT :80 HTTP/1.1", 400)]
    [InlineData("CONNECT a:0 HTTP/1.1", 400)]
    [InlineData("CONNECT a:65536 HTTP/1.1", 400)]
    [InlineData("CONNECT a:+80 HTTP/1.1", 400)]
    [InlineData("CONNECT a..b:80 HTTP/1.1", 400)]
    [InlineData("CONNECT ::1:80 HTTP/1.1", 400)]
    [InlineData("CONNECT [::1] HTTP/1.1", 400)]
    [InlineData("CONNECT [a]:80 HTTP/1.1", 400)]
    [InlineData("CONNECT http://a:80/ HTTP/1.1", 400)]
    [InlineData("CONNECT user@a:80 HTTP/1.1", 400)]
    [InlineData("CONNECT a:80 HTTP/2.0", 400)]
    [InlineData("CONNECT a:80 http/1.1", 400)]
    [InlineData("CONNECT  a:80 HTTP/1.1", 400)]
    [InlineData("CONNECT a:80", 400)]
    [InlineData("CONNECT", 400)]
    [InlineData("Connect a:80 HTTP/1.1", 400)]
    [InlineData("connect a:80 HTTP/1.1", 400)]
    [InlineData("get / HTTP/1.1", 405)]
    [InlineData("GET / HTTP/1.1", 405)]
    [InlineData("GET http://a/ HTTP/1.1", 405)]
    [InlineData("POST / HTTP/1.0", 405)]
    public void Another_request_is_refused(string line, int status)
    {
        Talk talk = Request(line + "\r\nHost: x\r\n\r\n");
        AssertStatus(status, talk);
        Assert.Equal(status == 405, Reply(talk).Contains("\r\nAllow: CONNECT\r\n", StringComparison.Ordinal));
    }

    // RFC 9112 §2.2.
    [Theory]
    [InlineData("\r\n")]
    [InlineData("\r\n\r\n")]
    public void Empty_lines_before_the_request_are_skipped(string before)
    {
        Assert.Equal(new Talk("", "a:1", null, null, "0102"), Request(before + "CONNECT a:1 HTTP/1.1\r\nHost: x\r\n\r\n\u0001\u0002"));
        Assert.Null(Request(before).Refusal);
        byte[] endless = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(before, 10_000)));
        AssertStatus(431, Talk.Of(new HttpConnectDialogue(Nobody), [endless[..999], endless[999..]]));
    }

    [Theory]
    [InlineData("CONNECT a:1 HTTP/1.1\n\n")]
    [InlineData("CONNECT a:1 HTTP/1.1\nHost: x\r\n\r\n")]
    [InlineData("CONNECT a:1 HTTP/1.1\r\nHost: x\n\r\n")]
    [InlineData("CONNECT a:1 HTTP/1.1\r\nHost: x\r\n\n")]
    [InlineData("CONNECT a:1 HTTP/1.1\r\nX: y\rz\r\n\r\n")]
    [InlineData("\nCONNECT a:1 HTTP/1.1\r\n\r\n")]
    [InlineData("CONNECT a:1 HTTP/1.1\n")]
    public void A_line_that_does_not_end_in_CR_LF_is_refused_at_once(string text) => AssertStatus(400, Request(text));

    [Theory]
    [InlineData("HEAD / HTTP/1.1\r\n\r\n", 405)]
    [InlineData("\r\nHEAD / HTTP/1.1\r\n\r\n", 405)]
    [InlineData("HEAD / HTTP/1.1\n", 400)]
    [InlineData("HEAD /\r\n\r\n", 400)]
    public void An_answer_to_HEAD_has_no_body(string text, int status)
    {
        Talk talk = Request(text);
        Assert.StartsWith($"HTTP/1.1 {status} ", Reply(talk), StringComparison.Ordinal);
        Assert.EndsWith("\r\nConnection: close\r\n\r\n", Reply(talk), StringComparison.Ordinal);
        Assert.NotNull(talk.Refusal);
    }

    [Theory]
    [InlineData(true, 408)]
    [InlineData(false, 400)]
    public void Half_a_request_has_an_answer(bool isLate, int status)
    {
        HttpConnectDialogue dialogue = new(Nobody);
        Assert.True(dialogue.Next("CONNECT a:1 HTTP/1.1\r\nHost"u8).NeedsMore);
        string reply = Encoding.ASCII.GetString(dialogue.Unfinished(isLate)!);
        Assert.StartsWith($"HTTP/1.1 {status} ", reply, StringComparison.Ordinal);
        HttpReply.AssertWellFormed(reply);
    }

    [Theory]
    [InlineData("Basic ZXZlOnNlYzpyZXQ=", "eve")]
    [InlineData("basic ZXZlOnNlYzpyZXQ=", "eve")]
    [InlineData("BASIC   ZXZlOnNlYzpyZXQ=  ", "eve")]
    [InlineData("Basic YWRhbTo=", "adam")]
    [InlineData("Basic esO2ZTpww6Rzcw==", "z\u00f6e")]
    public void The_right_user(string credentials, string user)
    {
        foreach (string name in new[] { "Proxy-Authorization:", "proxy-authorization: ", "PROXY-AUTHORIZATION:\t" })
        {
            Talk talk = Request($"CONNECT a:1 HTTP/1.1\r\nHost: x\r\n{name}{credentials}\r\n\r\n", Users);
            Assert.Equal(new Talk("", "a:1", user, null, ""), talk);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("Basic ZXZlOnNlY3JldA==")]
    [InlineData("Basic RXZlOnNlYzpyZXQ=")]
    [InlineData("Basic bm9ib2R5Og==")]
    [InlineData("Basic ZXZl")]
    [InlineData("Basic Og==")]
    [InlineData("Basic ")]
    [InlineData("Basic")]
    [InlineData("Basic !!!!")]
    [InlineData("Basic ZXZlOnNlYzpyZXQ")]
    [InlineData("Basic ZXZlOnNlYzpyZXQ= ZXZl")]
    [InlineData("Basic /////w==")]
    [InlineData("Bearer ZXZlOnNlYzpyZXQ=")]
    [InlineData("Digest username=\"eve\"")]
    public void A_wrong_user_or_none(string credentials)
    {
        string header = credentials.Length == 0 ? "" : $"Proxy-Authorization: {credentials}\r\n";
        Talk talk = Request($"CONNECT a:1 HTTP/1.1\r\n{header}\r\n", Users);
        AssertStatus(407, talk);
        Assert.Contains("\r\nProxy-Authenticate: Basic realm=\"", Reply(talk), StringComparison.Ordinal);
        Assert.Null(talk.User);
    }

    [Fact]
    public void A_user_that_nobody_asked_for_is_no_user() =>
        Assert.Null(Request("CONNECT a:1 HTTP/1.1\r\nProxy-Authorization: Basic ZXZlOnNlYzpyZXQ=\r\n\r\n").User);

    [Theory]
    [InlineData(-4, true)]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(4, false)]
    public void The_header_has_a_longest_length_that_no_split_changes(int beyond, bool good)
    {
        string request = "CONNECT a:1 HTTP/1.1\r\nX: ";
        byte[] bytes = Encoding.Latin1.GetBytes(request.PadRight(HttpConnectDialogue.MaxHeaderBytes + beyond, 'x') + "\r\n\r\n");
        foreach (int cut in Enumerable.Range(bytes.Length - 12, 12).Append(1).Append(5000))
        {
            Talk talk = Talk.Of(new HttpConnectDialogue(Nobody), [bytes[..cut], .. bytes[cut..].Select(b => new[] { b })]);
            Assert.Equal(good, talk.Target == "a:1");
            if (!good)
            {
                AssertStatus(431, talk);
            }
        }
    }

    [Theory]
    [InlineData(3, 400)]
    [InlineData(4, 431)]
    public void A_line_without_CR_counts_only_in_what_may_be_a_header(int beyond, int status)
    {
        byte[] bytes = Encoding.Latin1.GetBytes("CONNECT a:1 HTTP/1.1\r\nX: ".PadRight(HttpConnectDialogue.MaxHeaderBytes + beyond, 'x') + "\n\n");
        foreach (int cut in (int[])[0, 1, 5000, bytes.Length - 3, bytes.Length - 2, bytes.Length - 1])
        {
            AssertStatus(status, Talk.Of(new HttpConnectDialogue(Nobody), [bytes[..cut], bytes[cut..]]));
        }
    }

    [Fact]
    public void A_header_without_an_end_is_not_kept_for_ever()
    {
        Talk talk = Talk.Of(new HttpConnectDialogue(Nobody), [Encoding.Latin1.GetBytes("CONNECT " + new string('a', 17_000))]);
        AssertStatus(431, talk);
    }

    private static Talk Request(string text, ProxyUsers? users = null) =>
        Talk.InEverySplit(() => new HttpConnectDialogue(users ?? Nobody), Encoding.Latin1.GetBytes(text), users);

    private static string Reply(Talk talk) => Encoding.ASCII.GetString(Convert.FromHexString(talk.Replies));

    private static void AssertStatus(int status, Talk talk)
    {
        Assert.StartsWith($"HTTP/1.1 {status} ", Reply(talk), StringComparison.Ordinal);
        HttpReply.AssertWellFormed(Reply(talk));
        Assert.NotNull(talk.Refusal);
        Assert.Null(talk.Target);
    }
}
