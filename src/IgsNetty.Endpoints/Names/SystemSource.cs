using System.Net;
using System.Net.Sockets;

namespace IgsNetty.Endpoints.Names;

/// <summary>
/// Asks the resolver of the operating system, on threads of its own. A look-up holds its thread until the system has ended it, and so
/// the task does not end earlier when it is cancelled. Thread-safe.
/// </summary>
/// <param name="threads">The most look-ups at a time.</param>
internal sealed class SystemSource(int threads) : INameSource
{
    private readonly WorkThreads _threads = new("igsnetty names", threads);

    /// <inheritdoc/>
    public IReadOnlyList<string> Candidates(string host) => [host]; // the system has search domains of its own

    /// <inheritdoc/>
    public async Task<FamilyAnswer> AskAsync(string name, AddressFamily family, CancellationToken cancellation)
    {
        try
        {
            return FamilyAnswer.Of(await _threads.RunAsync(() => Dns.GetHostAddresses(name, family)).ConfigureAwait(false));
        }
        catch (SocketException e)
        {
            bool isAbsent = e.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData or SocketError.AddressFamilyNotSupported;
            return isAbsent ? FamilyAnswer.None : FamilyAnswer.Failed;
        }
        catch (ArgumentException)
        {
            return FamilyAnswer.None; // a name that the system does not take
        }
    }
}
