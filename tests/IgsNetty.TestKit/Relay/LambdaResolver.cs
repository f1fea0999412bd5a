using System.Net;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Targets;

namespace IgsNetty.TestKit.Relay;

/// <summary>A resolver that is one function. What the function throws but for a cancellation is a failure.</summary>
/// <param name="resolve">Gets the addresses of a name.</param>
public sealed class LambdaResolver(Func<string, CancellationToken, Task<IPAddress[]>> resolve) : INameResolver
{
    public async Task<NameAnswer> ResolveAsync(string host, CallOrigin origin, CancellationToken cancellation)
    {
        try
        {
            IPAddress[] found = await resolve(host, cancellation).WaitAsync(cancellation).ConfigureAwait(false);
            return found.Length == 0 ? NameAnswer.Without(NameStatus.NotFound) : NameAnswer.Found([.. found.Select(TargetAddress.Canonical).Distinct()]);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return NameAnswer.Without(NameStatus.Failed);
        }
    }
}
