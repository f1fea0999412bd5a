using System.Globalization;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Proxy;

internal static class HttpReply
{
    /// <summary>One response with a body of the length it says, after which the connection ends.</summary>
    public static void AssertWellFormed(string reply)
    {
        string[] parts = reply.Split("\r\n\r\n", 2);
        Assert.Equal(2, parts.Length);
        string[] lines = parts[0].Split("\r\n");
        Assert.Matches("^HTTP/1\\.1 [1-5][0-9]{2} [A-Za-z ]+$", lines[0]);
        Assert.All(lines.Skip(1), line => Assert.Matches("^[A-Za-z-]+: [^\r\n]+$", line));
        string length = Assert.Single(lines, line => line.StartsWith("Content-Length: ", StringComparison.Ordinal));
        Assert.Equal(parts[1].Length, int.Parse(length["Content-Length: ".Length..], CultureInfo.InvariantCulture));
        Assert.Contains("Connection: close", lines);
    }
}
