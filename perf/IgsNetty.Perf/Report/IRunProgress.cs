namespace IgsNetty.Perf.Report;

/// <summary>Told by the session which load run begins and how it ended.</summary>
internal interface IRunProgress
{
    void Starting(string label);

    /// <param name="label">As at its start.</param>
    /// <param name="sample">What it gave.</param>
    /// <param name="headline">Which figure to show.</param>
    void Finished(string label, Sample sample, Metric headline);
}
