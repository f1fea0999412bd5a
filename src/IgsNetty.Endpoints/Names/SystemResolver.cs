using IgsNetty.Relay.Targets;
using IgsNetty.Transport;

namespace IgsNetty.Endpoints.Names;

/// <summary>Makes the resolver that this machine's configuration describes.</summary>
public static class SystemResolver
{
    private const string ResolvFile = "/etc/resolv.conf";
    private const string HostsPath = "/etc/hosts";
    private const string SwitchFile = "/etc/nsswitch.conf";
    private const int MaxPlaces = 128;
    private const int MinPlaces = 16;
    private const int DescriptorsPerPlace = 32; // a look-up takes two: no more than a sixteenth of all
    private const int SystemPlaces = 32;
    private const int ThreadsPerPlace = 2; // one for each family

    /// <summary>Which resolver to take.</summary>
    public static ResolverChoice Choose(ResolverKind wanted)
    {
        string text = "";
        try
        {
            text = File.Exists(SwitchFile) ? File.ReadAllText(SwitchFile) : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // As if it were not there: files and dns.
        }

        return ResolverChoice.Make(wanted, OperatingSystem.IsLinux(), text);
    }

    /// <summary>Makes it. Files of the system are read now, and again when they have changed.</summary>
    public static INameResolver Create(ResolverKind kind)
    {
        TimeProvider time = TimeProvider.System;
        SystemSource system = new(SystemPlaces * ThreadsPerPlace);
        if (kind == ResolverKind.System)
        {
            return new NameResolver(static () => new(HostsFile.Empty), _ => new(system), SystemPlaces, time);
        }

        WatchedFile<HostsFile> hosts = new(HostsPath, HostsFile.Parse, HostsFile.Empty);
        WatchedFile<INameSource> servers = new(ResolvFile, text => new DnsSource(DnsSettings.Parse(text), time), new DnsSource(new DnsSettings(), time));
        string machine = Environment.MachineName;

        // The system knows this machine's own name from other sources than these files (nss-myhostname).
        return new NameResolver(
            hosts.CurrentAsync,
            host => string.Equals(host, machine, StringComparison.OrdinalIgnoreCase) ? new(system) : servers.CurrentAsync(),
            Math.Clamp(DescriptorReserve.Limit() / DescriptorsPerPlace, MinPlaces, MaxPlaces),
            time);
    }
}
