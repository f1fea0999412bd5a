using System.Globalization;
using System.Net;

namespace IgsNetty.Endpoints.Names;

/// <summary>What <c>/etc/resolv.conf</c> says (resolv.conf(5)), with its defaults and limits. Immutable.</summary>
internal sealed record DnsSettings
{
    private const int MaxServers = 3;
    private const int MaxSearch = 32;
    private const int DnsPort = 53;

    /// <summary>Name servers in order. Without one: that of this machine.</summary>
    public IReadOnlyList<IPEndPoint> Servers { get; init; } = [new(IPAddress.Loopback, DnsPort)];

    /// <summary>Search domains in order, lower case, without trailing dots.</summary>
    public IReadOnlyList<string> Search { get; init; } = [];

    /// <summary>A name with this many dots is asked as it is first (0 to 15).</summary>
    public int Dots { get; init; } = 1;

    /// <summary>How long one server may take (1 to 30 s).</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many times all servers are asked (1 to 5).</summary>
    public int Attempts { get; init; } = 2;

    /// <summary>Each name begins with the next server.</summary>
    public bool Rotate { get; init; }

    /// <summary>Every name is asked over TCP.</summary>
    public bool UseTcp { get; init; }

    /// <summary>Reads the text of a resolv.conf. What it does not know is ignored, as the system does.</summary>
    public static DnsSettings Parse(string text)
    {
        List<IPEndPoint> servers = [];
        DnsSettings settings = new();
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2 || words[0][0] is '#' or ';')
            {
                continue;
            }

            switch (words[0])
            {
                case "nameserver" when servers.Count < MaxServers && IPAddress.TryParse(words[1], out IPAddress? address):
                    servers.Add(new IPEndPoint(address, DnsPort));
                    break;
                case "domain":
                    settings = settings with { Search = Domains(words[1..2]) };
                    break;
                case "search":
                    settings = settings with { Search = Domains(words[1..]) };
                    break;
                case "options":
                    settings = words[1..].Aggregate(settings, static (before, option) => before.With(option));
                    break;
                default:
                    break;
            }
        }

        return servers.Count > 0 ? settings with { Servers = servers } : settings;
    }

    private static string[] Domains(string[] words) =>
        [.. words.Select(word => word.TrimEnd('.').ToLowerInvariant()).Where(word => word.Length > 0).Take(MaxSearch)];

    private DnsSettings With(string option)
    {
        int colon = option.IndexOf(':', StringComparison.Ordinal);
        string name = colon < 0 ? option : option[..colon];
        bool hasNumber = int.TryParse(option.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        return name switch
        {
            "ndots" when hasNumber => this with { Dots = Math.Min(number, 15) },
            "timeout" when hasNumber => this with { Timeout = TimeSpan.FromSeconds(Math.Clamp(number, 1, 30)) },
            "attempts" when hasNumber => this with { Attempts = Math.Clamp(number, 1, 5) },
            "rotate" => this with { Rotate = true },
            "use-vc" => this with { UseTcp = true },
            _ => this,
        };
    }
}
