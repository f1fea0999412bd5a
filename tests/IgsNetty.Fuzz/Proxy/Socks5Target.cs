using IgsNetty.Endpoints.Proxy;

namespace IgsNetty.Fuzz.Proxy;

/// <summary>The dialogue of a SOCKS5 caller, options method included (docs/protocol.md §12).</summary>
internal sealed class Socks5Target : ProxyTarget
{
    public override string Name => "socks5";

    public override int MostBytes => 2048;

    public override IEnumerable<byte[]> Seeds
    {
        get
        {
            byte[] login = [1, (byte)ProxyGateway.User.Length, .. "ann"u8, (byte)ProxyGateway.Password.Length, .. "open sesame"u8];
            byte[] ip4 = [5, 1, 0, 1, 10, 1, 2, 3, 0, 80];
            byte[] ip6 = [5, 1, 0, 4, 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 187];
            byte[] name = [5, 1, 0, 3, 11, .. "db.plant.ex"u8, 0x15, 0x38];
            byte[] associate = [5, 3, 0, 1, 0, 0, 0, 0, 0, 0];
            byte[] options = [1, 2, 1, 2, 0, 5, 2, 1, 1];
            yield return [0, 3, 5, 1, 0, .. ip4, .. "hello"u8];
            yield return [0, 1, 5, 2, 0, 2, .. ip6];
            yield return [2 | (2 << 4), 7, 5, 1, 0, .. name];
            yield return [WithUsers, 2, 5, 1, 2, .. login, .. ip4, .. "hello"u8];
            yield return [WithUsers, 5, 5, 3, 0, 2, Socks5Options.Method, .. options, .. login, .. associate];
            yield return [0, 4, 5, 2, 0, Socks5Options.Method, .. options, .. associate];
            yield return [4, 9, 5, 1, Socks5Options.Method, 1, 1, 0x90, 3, 1, 2, 3, .. ip4, .. "hello"u8];
            yield return [0, 0, 5, 1, 1, 5, 1];
        }
    }
}
