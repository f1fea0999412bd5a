namespace IgsNetty.Endpoints.Proxy;

/// <summary>A name and a password that a caller gave. A class, not a record: its text must not hold the password.</summary>
/// <param name="name">The name.</param>
/// <param name="password">UTF-8.</param>
internal sealed class Login(string name, byte[] password)
{
    public string Name => name;

    public ReadOnlySpan<byte> Password => password;
}
