using System.Globalization;
using System.Net;
using System.Text;
using Xunit;

namespace IgsNetty.FunctionalTests.Clients;

/// <summary>The messages of an HTTP tunnel (RFC 9110, 9.3.6).</summary>
internal static class HttpConnect
{
    public static string Request(string target, params string[] headers) =>
        $"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n";

    /// <summary>The header that proves a user (RFC 7617).</summary>
    public static string Basic(string user, string password) =>
        "Proxy-Authorization: Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));

    /// <summary>Asks for the target and expects success.</summary>
    public static async Task OpenAsync(TcpCall call, IPEndPoint target)
    {
        int status = await AskAsync(call, Request(target.ToString()));
        Assert.True(status == 200, $"HTTP status {status} for {target}");
    }

    /// <summary>Sends a request and reads the head of the answer.</summary>
    /// <returns>The status.</returns>
    public static async Task<int> AskAsync(TcpCall call, string request)
    {
        await call.SendAsync(request);
        return await ReadStatusAsync(call);
    }

    public static async Task<int> ReadStatusAsync(TcpCall call)
    {
        string head = await call.ReadHeadAsync();
        Assert.StartsWith("HTTP/1.", head, StringComparison.Ordinal);
        return int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture);
    }
}
