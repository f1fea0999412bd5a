using System.Net;
using Xunit.Sdk;

namespace IgsNetty.FunctionalTests.Harness;

/// <summary>What <c>igsnetty run</c> prints when every listener is bound: <c>ready link=… proxy=… forward.NAME=…</c>.</summary>
internal sealed class ReadyLine
{
    private readonly Dictionary<string, IPEndPoint> _addresses = [];
    private readonly string _line;

    public ReadyLine(string line)
    {
        _line = line;
        foreach (string part in line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1))
        {
            string[] pair = part.Split('=', 2);
            if (pair.Length != 2 || !IPEndPoint.TryParse(pair[1], out IPEndPoint? address) || address.Port == 0)
            {
                throw new XunitException($"'{part}' is not name=address:port in '{line}'");
            }

            _addresses.Add(pair[0], address);
        }
    }

    public IEnumerable<IPEndPoint> Forwards =>
        _addresses.Where(pair => pair.Key.StartsWith("forward.", StringComparison.Ordinal)).Select(pair => pair.Value);

    public bool Has(string name) => _addresses.ContainsKey(name);

    public IPEndPoint this[string name] =>
        _addresses.TryGetValue(name, out IPEndPoint? address) ? address : throw new XunitException($"No '{name}' in '{_line}'");

    public static bool IsReady(string line) => line == "ready" || line.StartsWith("ready ", StringComparison.Ordinal);

    public override string ToString() => _line;
}
