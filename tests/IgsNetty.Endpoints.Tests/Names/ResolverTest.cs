using System.Net;
using IgsNetty.Endpoints.Names;
using IgsNetty.Relay.Targets;
using IgsNetty.TestKit.Names;

namespace IgsNetty.Endpoints.Tests.Names;

/// <summary>A resolver with a name server, a hosts file and a search list of the test's own, on the system's clock.</summary>
public abstract class ResolverTest : IDisposable
{
    private protected static readonly CallOrigin Caller = CallOrigin.Of("local", IPAddress.Parse("10.7.0.1"));

    /// <summary>A hang guard, never a measure.</summary>
    private protected static readonly TimeSpan Guard = TimeSpan.FromMinutes(1);

    private protected NameServer Server { get; } = new();

    /// <summary>A server that never answers is waited for as long as the guard, so that no test passes by a timeout.</summary>
    private protected DnsSettings Settings => new() { Servers = [Server.Address], Timeout = Guard, Attempts = 1 };

    public void Dispose()
    {
        Server.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static NameResolver Resolver(INameSource source, string hosts = "", int places = 128)
    {
        HostsFile file = HostsFile.Parse(hosts);
        return new NameResolver(() => new(file), _ => new(source), places, TimeProvider.System);
    }

    private protected NameResolver Resolver(DnsSettings? settings = null, string hosts = "", int places = 128) =>
        Resolver(new DnsSource(settings ?? Settings, TimeProvider.System), hosts, places);

    /// <summary>The status, then the addresses.</summary>
    private protected static async Task<string> AskAsync(NameResolver resolver, string host, CallOrigin? origin = null)
    {
        using CancellationTokenSource done = new();
        NameAnswer answer = await resolver.ResolveAsync(host, origin ?? Caller, done.Token).WaitAsync(Guard);
        await done.CancelAsync();
        return string.Join(' ', [answer.Status.ToString(), .. answer.Addresses.Select(address => address.ToString())]);
    }
}
