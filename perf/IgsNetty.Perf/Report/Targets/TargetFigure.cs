namespace IgsNetty.Perf.Report.Targets;

/// <summary>What the gateways reached of one <see cref="DesignTarget"/> in one case.</summary>
/// <param name="Value">In the target's unit.</param>
/// <param name="Where">The case, and whom it was compared with; empty where there is only one.</param>
internal sealed record TargetFigure(double Value, string Where);
