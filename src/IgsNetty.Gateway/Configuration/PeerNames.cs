using IgsNetty.Relay.Routing;

namespace IgsNetty.Gateway.Configuration;

/// <summary>Which peers this gateway can have a link to: those it dials, and any that may dial in.</summary>
/// <param name="Own">This gateway's name.</param>
/// <param name="Dialled">The peers of <c>Links:Dial</c>.</param>
/// <param name="Listens">Whether <c>Links:Listen</c> has an address.</param>
internal sealed record PeerNames(string Own, IReadOnlyCollection<string> Dialled, bool Listens)
{
    /// <summary>Can this peer ever have a link here?</summary>
    public bool CanReach(string peer) => Listens || Dialled.Contains(peer);

    /// <summary>Checks a <c>Via</c>: <c>direct</c>, or a peer that can have a link here.</summary>
    /// <returns>False with what would be right in <paramref name="error"/>.</returns>
    public bool TryVia(string written, out string via, out string error)
    {
        via = written;
        error = "";
        if (string.Equals(written, RouteRule.Direct, StringComparison.OrdinalIgnoreCase))
        {
            via = RouteRule.Direct;
            return true;
        }

        if (!GatewayName.IsValid(written, out error))
        {
            error += "; write a peer's name or 'direct'";
            return false;
        }

        if (written == Own)
        {
            error = $"{Quoted.Text(written)} is this gateway itself; to open targets from here, write 'direct'";
            return false;
        }

        if (CanReach(written))
        {
            return true;
        }

        string? near = Spelling.Nearest(written, [.. Dialled, RouteRule.Direct]);
        string meant = near is null ? "" : $"did you mean '{near}'? Else ";
        error = $"no peer is called {Quoted.Text(written)}; {meant}add it to Links:Dial, or set Links:Listen so that it can dial in";
        return false;
    }
}
