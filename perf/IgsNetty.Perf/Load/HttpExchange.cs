using System.Globalization;
using System.Net;
using System.Text;

namespace IgsNetty.Perf.Load;

/// <summary>A request as wrk sends it, and the answer of a small page.</summary>
internal static class HttpExchange
{
    /// <summary>As many bytes as the first page of a newly installed web server.</summary>
    private const int PageBytes = 612;

    /// <summary>The answer to every request.</summary>
    public static byte[] Answer { get; } = MakeAnswer();

    /// <summary>Keep-alive, as HTTP/1.1 is without a word.</summary>
    /// <param name="target">The host that it asks for.</param>
    public static byte[] Request(IPEndPoint target) => Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {target}\r\n\r\n");

    private static byte[] MakeAnswer()
    {
        string head = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 200 OK\r\nServer: igsnetty-perf\r\nContent-Type: text/html\r\nContent-Length: {PageBytes}\r\nConnection: keep-alive\r\n\r\n");
        return [.. Encoding.ASCII.GetBytes(head), .. Enumerable.Range(0, PageBytes).Select(i => (byte)('a' + (i % 26)))];
    }
}
