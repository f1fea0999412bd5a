namespace IgsNetty.Relay.Security;

/// <summary>Mode tls: who this gateway is and whom it trusts, now. Thread-safe; links that stand do not see a change.</summary>
/// <param name="identity">At the start.</param>
public sealed class LinkTls(LinkIdentity identity)
{
    private volatile LinkIdentity _current = identity;

    /// <summary>For the links that are made from here on.</summary>
    public LinkIdentity Current
    {
        get => _current;
        set => _current = value;
    }
}
