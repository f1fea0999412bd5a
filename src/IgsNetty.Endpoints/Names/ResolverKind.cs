namespace IgsNetty.Endpoints.Names;

/// <summary>The <c>Gateway:Resolver</c> key: who resolves host names.</summary>
public enum ResolverKind
{
    /// <summary><see cref="Dns"/> where it gives the answers of the system, else <see cref="System"/>.</summary>
    Auto,

    /// <summary>The gateway: the hosts file, then the name servers of <c>/etc/resolv.conf</c>.</summary>
    Dns,

    /// <summary>The resolver of the operating system, on threads of its own.</summary>
    System,
}
