using System.Text;

namespace IgsNetty.Fuzz.Proxy;

/// <summary>An HTTP CONNECT caller.</summary>
internal sealed class HttpConnectTarget : ProxyTarget
{
    public override string Name => "http-connect";

    public override int MostBytes => 20_000;

    public override IEnumerable<byte[]> Seeds
    {
        get
        {
            string basic = Convert.ToBase64String(Encoding.ASCII.GetBytes($"{ProxyGateway.User}:{ProxyGateway.Password}"));
            yield return [0, 3, .. "CONNECT 10.1.2.3:80 HTTP/1.1\r\nHost: x\r\n\r\nhello"u8];
            yield return [0, 9, .. "CONNECT [2001:db8::1]:443 HTTP/1.0\r\n\r\n"u8];
            yield return [2 | (2 << 4), 1, .. "CONNECT db.plant.example:5432 HTTP/1.1\r\nUser-Agent: a\r\nProxy-Connection: keep-alive\r\n\r\n"u8];
            yield return [WithUsers, 40, .. Encoding.ASCII.GetBytes($"CONNECT a.b:1 HTTP/1.1\r\nProxy-Authorization: Basic {basic}\r\n\r\nx")];
            yield return [WithUsers, 40, .. "CONNECT a.b:1 HTTP/1.1\r\nproxy-authorization: basic ???\r\n\r\n"u8];
            yield return [4, 30, .. "GET http://a/ HTTP/1.1\r\n\r\n"u8];
            yield return [0, 63, .. "CONNECT a:1 HTTP/1.1\r\nX: "u8, .. Enumerable.Repeat((byte)'x', 16_500), .. "\r\n\r\n"u8];
        }
    }
}
