using IgsNetty.Gateway.Configuration;

namespace IgsNetty.Gateway;

/// <summary>Which transport a gateway takes, and why: for the log.</summary>
/// <param name="Kind">Never <see cref="TransportKind.Auto"/>.</param>
/// <param name="Why">Follows its name in a sentence.</param>
internal readonly record struct TransportChoice(TransportKind Kind, string Why)
{
    /// <param name="wanted">What the configuration says; epoll only where it can be had.</param>
    /// <param name="obstacle">Why epoll cannot be had; empty when it can.</param>
    public static TransportChoice Make(TransportKind wanted, string obstacle) => wanted switch
    {
        TransportKind.Auto when obstacle.Length == 0 => new(TransportKind.Epoll, "auto: the native one of this system"),
        TransportKind.Auto => new(TransportKind.Sockets, $"auto: {obstacle}"),
        _ => new(wanted, "as configured"),
    };
}
