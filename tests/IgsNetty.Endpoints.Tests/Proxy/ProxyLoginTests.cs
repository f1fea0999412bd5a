using System.Text;
using DotNetty.Buffers;
using IgsNetty.Endpoints.Proxy;
using IgsNetty.Endpoints.Trust;
using IgsNetty.Relay.Diagnostics;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Diagnostics;
using IgsNetty.TestKit.Relay;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Proxy;

/// <summary>Callers that log in at the proxy port, from the first byte to their call.</summary>
public sealed class ProxyLoginTests
{
    private readonly ManualEventLoop _loop = new();
    private readonly FakeConnector _connector = new();
    private readonly CapturingLogger _log = new();
    private readonly EndpointContext _context;
    private readonly ProxyPort _port;

    public ProxyLoginTests()
    {
        _context = Contexts.Direct(_loop, _connector, _log);
        Dictionary<string, string> users = new() { ["eve"] = PasswordHash.Create("secret"u8, rounds: 1000).ToString(), ["adam"] = "apple" };
        ProxyLogins logins = new(new ProxyUsers(users), new LoginThrottle(() => (long)_loop.Now.TotalMilliseconds), check => Task.FromResult(check()));
        _port = new ProxyPort(_context, new ProxyOptions { Users = users }, _context.Loops[0], logins);
    }

    private LoopTotals Totals => _context.Loops[0].Totals;

    [Theory]
    [InlineData("eve", "secret", true)]
    [InlineData("adam", "apple", true)]
    [InlineData("eve", "apple", false)]
    [InlineData("cain", "secret", false)]
    public void A_SOCKS_caller(string user, string password, bool getsIn)
    {
        EmbeddedStreamSocket caller = Call(Socks(user, password));
        if (getsIn)
        {
            Assert.Single(_connector.Requests);
            Assert.Equal($"user:{user}", _connector.Last.Caller);
            Assert.Equal("05020100", Hex(caller));
            Assert.Equal(0, _context.ProxyHandshakes.Count);
            return;
        }

        Assert.Equal(1, Totals.LoginsFailed);
        Assert.Equal("0502", Hex(caller)); // the answer is kept back
        _loop.Advance(LoginThrottle.Delay);
        Assert.Equal("0101", Hex(caller));
        Assert.True(caller.IsOutputShut);
        Assert.Empty(_connector.Requests);
    }

    [Theory]
    [InlineData("eve", "secret", true)]
    [InlineData("eve", "wrong", false)]
    public void An_HTTP_caller(string user, string password, bool getsIn)
    {
        EmbeddedStreamSocket caller = Call(Http(user, password));
        if (getsIn)
        {
            Assert.Single(_connector.Requests);
            Assert.Equal($"user:{user}", _connector.Last.Caller);
            return;
        }

        Assert.Equal(1, Totals.LoginsFailed);
        Assert.Empty(caller.Output.Take());
        _loop.Advance(LoginThrottle.Delay);
        Assert.StartsWith("HTTP/1.1 407 ", Encoding.ASCII.GetString(caller.Output.Take()), StringComparison.Ordinal);
    }

    [Fact]
    public void After_ten_wrong_ones_an_address_is_not_heard_and_the_log_says_so()
    {
        for (int i = 1; i <= LoginThrottle.MostFailures; i++)
        {
            Call(Socks("eve", $"guess {i}"));
            Assert.Equal(i, Totals.LoginsFailed);
        }

        EmbeddedStreamSocket caller = Call(Socks("eve", "secret"));

        Assert.Equal("05020101", Hex(caller));
        Assert.Equal(1, Totals.CallersRefused);
        Assert.Empty(_connector.Requests);
        Assert.Contains(_log.Entries, entry => entry.Message.Contains("too many wrong logins", StringComparison.Ordinal));
        Assert.DoesNotContain(_log.Entries, entry => entry.Message.Contains("guess", StringComparison.Ordinal) || entry.Message.Contains("secret", StringComparison.Ordinal));
    }

    private static byte[] Socks(string user, string password) =>
    [
        5, 1, 2, 1, (byte)user.Length, .. Encoding.UTF8.GetBytes(user), (byte)password.Length, .. Encoding.UTF8.GetBytes(password),
        .. Convert.FromHexString("050100010a0102030050"),
    ];

    private static byte[] Http(string user, string password) => Encoding.ASCII.GetBytes(
        $"CONNECT 10.1.2.3:80 HTTP/1.1\r\nProxy-Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))}\r\n\r\n");

    private static string Hex(EmbeddedStreamSocket caller) => Convert.ToHexStringLower(caller.Output.Take());

    private EmbeddedStreamSocket Call(byte[] bytes)
    {
        EmbeddedStreamSocket socket = new(_loop, UnpooledByteBufferAllocator.Default, register: false);
        HandshakePass pass = _context.ProxyHandshakes.Enter(socket, _context.Loops[0]);
        socket.Pipeline.AddLast("proxy", new ProxyHandler(_port, socket, pass));
        _loop.RegisterAsync(socket);
        socket.Receive(bytes);
        _loop.RunTasks();
        return socket;
    }
}
