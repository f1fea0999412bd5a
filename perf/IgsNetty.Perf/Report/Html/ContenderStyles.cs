using IgsNetty.Perf.Contenders;
using IgsNetty.Perf.Report.Saved;

namespace IgsNetty.Perf.Report.Html;

/// <summary>Which colour and dash of report.css each contender has, the same in every chart.</summary>
internal sealed class ContenderStyles
{
    private const int GatewayStyles = 2;
    private const int PeerStyles = 7;

    private readonly Dictionary<string, string> _styles = [];

    public ContenderStyles(IReadOnlyList<ContenderFacts> contenders)
    {
        int gateways = 0;
        int peers = 0;
        foreach (ContenderFacts contender in contenders)
        {
            _styles[contender.Name] = contender switch
            {
                { Kind: ContenderKind.Gateways } => $"gateways{gateways++ % GatewayStyles}",
                { Name: Contender.DirectName } => "direct",
                { Kind: ContenderKind.Baseline } => "bare",
                _ => $"peer{peers++ % PeerStyles}",
            };
        }
    }

    public string Of(string contender) => _styles.GetValueOrDefault(contender, "direct");
}
