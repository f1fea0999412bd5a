using Xunit;

namespace IgsNetty.FunctionalTests.Clients;

/// <summary>How a client gets from its greeting to its request: with a password or none, with options or none.</summary>
internal sealed record Socks5Login
{
    private const byte NoAuthentication = 0;
    private const byte PasswordMethod = 2;

    public string? User { get; init; }

    public string Password { get; init; } = "";

    /// <summary>A message of the options method; null: that method is not offered.</summary>
    public byte[]? Options { get; init; }

    /// <summary>Goes through it, and expects to be let in.</summary>
    public async Task EnterAsync(TcpCall call)
    {
        byte wanted = User is null ? NoAuthentication : PasswordMethod;
        if (Options is null)
        {
            await call.SendAsync((byte[])[5, 1, wanted]);
            Assert.Equal([5, wanted], await call.ReadAsync(2));
        }
        else
        {
            await call.SendAsync((byte[])[5, 2, wanted, Socks5Options.Method]);
            Assert.Equal([5, Socks5Options.Method], await call.ReadAsync(2));
            await call.SendAsync(Options);
            Assert.Equal([Socks5Options.Version, wanted], await call.ReadAsync(2));
        }

        if (User is not null)
        {
            await call.SendAsync(Socks5.Login(User, Password));
            Assert.Equal([1, 0], await call.ReadAsync(2));
        }
    }
}
