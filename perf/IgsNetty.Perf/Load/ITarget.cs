using System.Net;

namespace IgsNetty.Perf.Load;

/// <summary>The application at the called side: listens until it is disposed, on threads of its own.</summary>
internal interface ITarget : IDisposable
{
    string Name { get; }

    /// <summary>Takes datagrams, not TCP.</summary>
    bool IsUdp => false;

    IPEndPoint Address { get; }

    /// <summary>One short exchange with this target by way of <paramref name="address"/>; throws when it is not the right answer.</summary>
    void Probe(IPEndPoint address);
}
