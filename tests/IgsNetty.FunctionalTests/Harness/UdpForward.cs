using System.Net;

namespace IgsNetty.FunctionalTests.Harness;

/// <summary>A UDP forward of the calling side; what is null is taken from the plan.</summary>
internal sealed record UdpForward(IPEndPoint Target)
{
    /// <summary>A name for the target's address, for the called side to resolve.</summary>
    public string? Host { get; init; }

    /// <summary>Its UDP response timeout in seconds.</summary>
    public int? Timeout { get; init; }

    public string? Filter { get; init; }

    public static implicit operator UdpForward(IPEndPoint target) => new(target);
}
