using System.Net;

namespace IgsNetty.Endpoints.Names;

/// <summary>What <c>/etc/hosts</c> says (hosts(5)). Immutable.</summary>
internal sealed class HostsFile
{
    private readonly Dictionary<string, List<IPAddress>> _hosts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>No names.</summary>
    public static HostsFile Empty { get; } = new();

    /// <summary>Reads the text of a hosts file. Lines that are wrong are ignored, as the system does.</summary>
    public static HostsFile Parse(string text)
    {
        HostsFile file = new();
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            int comment = line.IndexOf('#');
            string[] words = (comment < 0 ? line : line[..comment]).ToString().Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2 || !IPAddress.TryParse(words[0], out IPAddress? address))
            {
                continue;
            }

            foreach (string name in words[1..])
            {
                file.Add(name.TrimEnd('.'), address);
            }
        }

        return file;
    }

    /// <returns>The addresses of a name in the order of the file; null when it is not in there.</returns>
    public IReadOnlyList<IPAddress>? Find(string host) => _hosts.GetValueOrDefault(host);

    private void Add(string name, IPAddress address)
    {
        if (!_hosts.TryGetValue(name, out List<IPAddress>? addresses))
        {
            _hosts.Add(name, addresses = []);
        }

        addresses.Add(address);
    }
}
