using System.Net;

namespace IgsNetty.TestKit.Names;

/// <summary>What a <see cref="NameServer"/> answers to one question.</summary>
/// <param name="Code">The RCODE.</param>
/// <param name="Addresses">Records of the name at the end of the chain; all of the type that was asked for.</param>
public sealed record DnsAnswer(int Code, params IReadOnlyList<IPAddress> Addresses)
{
    /// <summary>NXDOMAIN.</summary>
    public static DnsAnswer NoName { get; } = new(3);

    /// <summary>NOERROR without a record.</summary>
    public static DnsAnswer NoData { get; } = new(0);

    /// <summary>SERVFAIL.</summary>
    public static DnsAnswer Broken { get; } = new(2);

    /// <summary>REFUSED.</summary>
    public static DnsAnswer Refused { get; } = new(5);

    /// <summary>Names that the name is an alias of, each of the next.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Over UDP the answer has no record and the TC bit.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>The answer is sent when this has completed.</summary>
    public Task After { get; init; } = Task.CompletedTask;

    /// <summary>Answers with a wrong ID, for another name and of garbage are sent first.</summary>
    public bool HasForgeries { get; init; }

    /// <summary>An answer of addresses.</summary>
    public static DnsAnswer Of(params IEnumerable<string> addresses) => new(0, [.. addresses.Select(IPAddress.Parse)]);
}
