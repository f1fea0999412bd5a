using System.Globalization;
using System.Net;
using IgsNetty.Perf.Contenders;
using IgsNetty.Perf.Contenders.Peers;
using IgsNetty.Perf.FarLink;
using IgsNetty.Perf.Load;
using IgsNetty.Perf.Scenarios;

namespace IgsNetty.Perf;

/// <summary>Reads the command line; every mistake is a <see cref="PerfException"/> that says what would be right.</summary>
internal static class PerfOptionsParser
{
    private const string TargetPrefix = "--target-";
    private const string ForwardPrefix = "--forward-";
    private const string AllContenders = "all";

    /// <summary>As <c>Gateway:Transport</c> has them, without <c>auto</c>: it is one of the others.</summary>
    private static readonly string[] TransportNames = ["sockets", "epoll"];

    public static PerfOptions Parse(IReadOnlyList<string> args)
    {
        PerfOptions options = new() { Arguments = args };
        List<string> scenarios = [];
        List<GatewayVariant> variants = [];
        Dictionary<string, IPEndPoint> targets = [];
        Dictionary<string, IPEndPoint> forwards = [];
        Queue<string> words = new(args);
        while (words.TryDequeue(out string? word))
        {
            string[] parts = word.Split('=', 2);
            string name = parts[0];
            string Value() =>
                (parts.Length == 2 ? parts[1] : words.TryDequeue(out string? next) ? next : "") is { Length: > 0 } value
                    ? value
                    : throw Wrong($"{name} wants a value");

            switch (name)
            {
                case "--help" or "-h": options = options with { ShowHelp = true }; break;
                case "--remote": options = options with { AllowsRemote = true }; break;
                case "--tls": options = options with { Tls = true }; break;
                case "--direct-only": options = options with { DirectOnly = true }; break;
                case "--scenario": scenarios.Add(ParseName(name, Value(), [PerfOptions.AllScenarios, .. ScenarioCatalog.Names])); break;
                case "--duration": options = options with { DurationSeconds = ParseSeconds(name, Value()) }; break;
                case "--rounds": options = options with { Rounds = ParseNumber(name, Value(), 1, 100) }; break;
                case "--streams": options = options with { Streams = ParseStreams(name, Value()) }; break;
                case "--size": options = options with { MessageSize = ParseNumber(name, Value(), 1, 65536) }; break;
                case "--far": options = options with { Far = ParseFar(name, Value()) }; break;
                case "--rate": options = options with { Rate = ParseNumber(name, Value(), 1, 10_000_000) }; break;
                case "--transports": variants.AddRange(ParseTransports(name, Value())); break;
                case "--variant": variants.Add(ParseVariant(name, Value())); break;
                case "--against": options = options with { Against = ParseAgainst(name, Value()) }; break;
                case "--connections": options = options with { Connections = ParseNumber(name, Value(), 0, 64) }; break;
                case "--json": options = options with { JsonFile = Path.GetFullPath(Value()) }; break;
                case "--html": options = options with { HtmlFile = Path.GetFullPath(Value()), NoHtml = false }; break;
                case "--no-html": options = options with { HtmlFile = null, NoHtml = true }; break;
                case "--no-allocations": options = options with { NoAllocations = true }; break;
                case "--compare": options = options with { CompareFile = ParseFile(name, Value()) }; break;
                case "--with": options = options with { WithFile = ParseFile(name, Value()) }; break;
                case "--gateway": options = options with { GatewayPath = ParseFile(name, Value()) }; break;
                case var _ when name.StartsWith(TargetPrefix, StringComparison.Ordinal):
                    targets[ParseName(name, name[TargetPrefix.Length..], TargetNames.All)] = ParseAddress(name, Value());
                    break;
                case var _ when name.StartsWith(ForwardPrefix, StringComparison.Ordinal):
                    forwards[ParseName(name, name[ForwardPrefix.Length..], [.. TargetNames.All, TargetNames.Socks])] = ParseAddress(name, Value());
                    break;
                default: throw Wrong($"{word} is not an option");
            }
        }

        options = options with { Scenarios = scenarios, Variants = variants, TargetAddresses = targets, ForwardAddresses = forwards };
        CheckTogether(options);
        return options.Tls && !options.Against.Contains(HaproxyPeer.TlsName)
            ? options with { Against = [.. options.Against, HaproxyPeer.TlsName] }
            : options;
    }

    private static void CheckTogether(PerfOptions options)
    {
        if (options.ShowHelp)
        {
            return;
        }

        if (options.WithFile is not null)
        {
            if (options.CompareFile is null)
            {
                throw Wrong("--with NEW.json needs --compare OLD.json");
            }

            return;
        }

        if (options.Variants.GroupBy(v => v.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw Wrong($"{twice.Key} is the name of two variants");
        }

        if (options.StartsGateways && options.GatewayPath is null)
        {
            throw Wrong("--gateway PATH is needed (run-perf.sh passes it), or --direct-only, or --forward-…");
        }

        if (!options.StartsGateways && options.Variants.Count > 0)
        {
            throw Wrong("--transports and --variant are for gateways that are started here, not for --direct-only or --forward-…");
        }

        if (!options.StartsGateways && options.Tls)
        {
            throw Wrong("--tls is for gateways that are started here, not for --direct-only or --forward-…");
        }

        if (!options.Tls && options.Against.Contains(HaproxyPeer.TlsName))
        {
            throw Wrong($"{HaproxyPeer.TlsName} is there to be compared with TLS links: add --tls");
        }

        if (options.TargetAddresses.Values.Concat(options.ForwardAddresses.Values).FirstOrDefault(a => !LoadSocket.IsLoopback(a)) is { } address
            && !options.AllowsRemote)
        {
            throw Wrong($"{address} is not in 127.0.0.0/8: add --remote if the machines there may be loaded");
        }

        foreach (string target in options.ForwardAddresses.Keys.Where(t => t != TargetNames.Socks && !options.TargetAddresses.ContainsKey(t)))
        {
            throw Wrong($"{ForwardPrefix}{target} needs {TargetPrefix}{target}: the relay must know where its target listens");
        }
    }

    private static string ParseName(string option, string value, IReadOnlyList<string> names) =>
        names.Contains(value) ? value : throw Wrong($"{option}: '{value}' is none of {string.Join(", ", names)}");

    private static double ParseSeconds(string option, string value) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
        && seconds is >= 0.2 and <= 86_400
            ? seconds
            : throw Wrong($"{option} wants seconds from 0.2 to 86400, not '{value}'");

    private static int ParseNumber(string option, string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number
            : throw Wrong($"{option} wants a number from {least} to {most}, not '{value}'");

    private static List<int> ParseStreams(string option, string value) =>
    [
        .. value.Split(',', StringSplitOptions.TrimEntries).Select(part => ParseNumber(option, part, 1, PerfOptions.MostStreams)).Distinct(),
    ];

    private static IEnumerable<GatewayVariant> ParseTransports(string option, string value) =>
        value.Split(',', StringSplitOptions.TrimEntries).Distinct().Select(part => GatewayVariant.OfTransport(ParseName(option, part, TransportNames)));

    private static GatewayVariant ParseVariant(string option, string value)
    {
        try
        {
            return GatewayVariant.Parse(value);
        }
        catch (FormatException e)
        {
            throw Wrong($"{option}: {e.Message}");
        }
    }

    private static IReadOnlyList<string> ParseAgainst(string option, string value)
    {
        string[] names = value.Split(',', StringSplitOptions.TrimEntries);
        return names.Contains(AllContenders)
            ? [.. ContenderCatalog.AgainstNames.Except([HaproxyPeer.TlsName])]
            : [.. names.Select(name => ParseName(option, name, [.. ContenderCatalog.AgainstNames, AllContenders])).Distinct()];
    }

    private static IPEndPoint ParseAddress(string option, string value) =>
        IPEndPoint.TryParse(value, out IPEndPoint? address) && LoadSocket.IsIPv4(address) && address.Port != 0
            ? address
            : throw Wrong($"{option} wants an IPv4 address with a port, such as 127.0.0.1:7001, not '{value}'");

    private static FarPath ParseFar(string option, string value) =>
        FarPath.TryParse(value) ?? throw Wrong($"{option} wants ROUND-TRIP,RATE,LOSS, such as 60ms,1gbit,0% (to 1000ms, 10gbit, 50%), not '{value}'");

    private static string ParseFile(string option, string value) =>
        File.Exists(value) ? Path.GetFullPath(value) : throw Wrong($"{option}: there is no file {value}");

    private static PerfException Wrong(string what) => new($"{what} (--help lists the options)") { ExitCode = 2 };
}
