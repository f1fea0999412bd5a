using System.Globalization;
using System.Net;
using IgsNetty.FunctionalTests.Harness;

namespace IgsNetty.FunctionalTests.Clients;

/// <summary>curl as a client of each entry.</summary>
internal static class Curl
{
    /// <summary>Arguments that make it fail on HTTP errors, say why, and never hang.</summary>
    public static IReadOnlyList<string> Common { get; } = ["-sS", "--fail", "--max-time", "600"];

    /// <summary>Arguments that lead it through the entry; none for a forward.</summary>
    public static IReadOnlyList<string> Through(Entry entry, IPEndPoint proxy) => entry switch
    {
        Entry.Socks5 => ["-x", $"socks5h://{proxy}"],
        Entry.HttpConnect => ["-x", $"http://{proxy}", "--proxytunnel"],
        _ => [],
    };

    /// <summary>The start of the URL: the forward, or the server by a name that only the called side resolves.</summary>
    public static string Origin(Relay relay, Entry entry, IPEndPoint server) => entry == Entry.Forward
        ? $"http://{relay.ForwardTo(server)}"
        : string.Create(CultureInfo.InvariantCulture, $"http://localhost:{server.Port}");
}
