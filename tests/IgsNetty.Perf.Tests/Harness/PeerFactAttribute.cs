using IgsNetty.Perf.Contenders.Peers;
using Xunit;

namespace IgsNetty.Perf.Tests.Harness;

/// <summary>Skipped where the peer is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PeerFactAttribute : FactAttribute
{
    public PeerFactAttribute(string peer)
    {
        Peer = peer;
        Skip = PeerCatalog.All.Single(p => p.Name == peer).Needs.FirstOrDefault(n => PeerPrograms.Find(n) is null) is { } missing
            ? $"{missing} is not installed"
            : null!;
    }

    public string Peer { get; }
}
