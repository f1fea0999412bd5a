namespace IgsNetty.Perf.Report.Saved;

/// <summary>One case of a scenario, such as <c>upload, 16 streams</c>.</summary>
/// <param name="Title">Unique in its scenario.</param>
/// <param name="Contenders">Those that had part in it.</param>
internal sealed record CaseReport(string Title, IReadOnlyList<ContenderReport> Contenders)
{
    /// <summary>Null if it had no part in this case.</summary>
    public ContenderReport? Find(string? contender) => Contenders.FirstOrDefault(c => c.Name == contender);
}
