using System.Net.Sockets;

namespace IgsNetty.Endpoints.Names;

/// <summary>Where names are looked up, one family at a time. Thread-safe.</summary>
internal interface INameSource
{
    /// <summary>The names that a host name may stand for, in the order in which they are asked: search domains.</summary>
    IReadOnlyList<string> Candidates(string host);

    /// <summary>Asks for the addresses of one family.</summary>
    /// <returns>Does not throw, but for <see cref="OperationCanceledException"/>.</returns>
    Task<FamilyAnswer> AskAsync(string name, AddressFamily family, CancellationToken cancellation);
}
