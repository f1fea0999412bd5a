using IgsNetty.Protocol.Values;

namespace IgsNetty.Endpoints.Proxy;

/// <summary>What a dialogue makes of the bytes so far.</summary>
/// <param name="Consumed">Bytes used up.</param>
/// <param name="Reply">Bytes for the caller, or null.</param>
/// <param name="Target">The target, once it is known: the dialogue is over.</param>
/// <param name="Association">What UDP ASSOCIATE asked for: the dialogue is over.</param>
/// <param name="User">The authenticated user, or null.</param>
/// <param name="Login">A user and a password to be checked; <see cref="IProxyDialogue.OnLogin"/> goes on.</param>
/// <param name="Refusal">Why the caller is to be closed after the reply, or null.</param>
internal readonly record struct ProxyStep(
    int Consumed, byte[]? Reply, TargetAddress? Target, AssociateRequest? Association, string? User, Login? Login, string? Refusal)
{
    /// <summary>More bytes are needed.</summary>
    public static ProxyStep NeedMore => default;

    public bool NeedsMore => this == default;

    public static ProxyStep Continue(int consumed, byte[] reply) => new(consumed, reply, null, null, null, null, null);

    public static ProxyStep Refuse(byte[]? reply, string why) => new(0, reply, null, null, null, null, why);

    public static ProxyStep Open(int consumed, TargetAddress target, string? user) => new(consumed, null, target, null, user, null, null);

    public static ProxyStep Associate(int consumed, AssociateRequest request, string? user) => new(consumed, null, null, request, user, null, null);

    public static ProxyStep Check(int consumed, Login login) => new(consumed, null, null, null, null, login, null);
}
