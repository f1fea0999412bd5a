namespace IgsNetty.Endpoints.Proxy;

/// <summary>What became of a login.</summary>
internal enum LoginVerdict
{
    Right,
    Wrong,

    /// <summary>Nobody has looked: its address has failed too often, or the caller is gone.</summary>
    NotHeard,
}
