namespace IgsNetty.Relay.Targets;

/// <summary>Resolves host names. Thread-safe. Implemented by Endpoints.</summary>
public interface INameResolver
{
    /// <summary>Resolves a name. Look-ups under way are bounded and shared fairly between origins; equal names are asked once.</summary>
    /// <param name="host">Lower case, without a trailing dot; not an IP address.</param>
    /// <param name="origin">Whose share the look-up is charged to.</param>
    /// <param name="cancellation">The caller needs neither the answer nor <see cref="NameAnswer.Late"/> any more.</param>
    /// <returns>The answer, on any thread. After the await, go back to the loop.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled before there was an answer.</exception>
    Task<NameAnswer> ResolveAsync(string host, CallOrigin origin, CancellationToken cancellation);
}
