using IgsNetty.Endpoints.Calls;

namespace IgsNetty.Endpoints.Proxy;

/// <summary>One caller's talk with the proxy port, until its target is known. Pure: bytes in, bytes out.</summary>
internal interface IProxyDialogue : ICallAnswer
{
    /// <param name="input">All bytes that no step has consumed yet.</param>
    ProxyStep Next(ReadOnlySpan<byte> input);

    /// <summary>Goes on after a step with a <see cref="ProxyStep.Login"/>.</summary>
    ProxyStep OnLogin(bool isRight);
}
