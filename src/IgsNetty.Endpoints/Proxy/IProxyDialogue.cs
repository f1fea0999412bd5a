using IgsNetty.Endpoints.Calls;

namespace IgsNetty.Endpoints.Proxy;

/// <summary>One caller's talk with the proxy port, until its target is known. Pure: bytes in, bytes out.</summary>
internal interface IProxyDialogue : ICallAnswer
{
    /// <param name="input">All bytes that no step has consumed yet.</param>
    ProxyStep Next(ReadOnlySpan<byte> input);

    /// <summary>The caller's request is not complete, and no more will be read.</summary>
    /// <param name="isLate">Its time is up; else the caller has ended its direction.</param>
    /// <returns>Bytes for the caller, or null.</returns>
    byte[]? Unfinished(bool isLate) => null;

    /// <summary>Goes on after a step with a <see cref="ProxyStep.Login"/>.</summary>
    ProxyStep OnLogin(bool isRight);
}
