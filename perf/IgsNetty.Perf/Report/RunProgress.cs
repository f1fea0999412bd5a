using Spectre.Console;

namespace IgsNetty.Perf.Report;

/// <summary>Shows how far the load test is: one line a load run, and below them a bar where the output is a terminal.</summary>
internal sealed class RunProgress : IRunProgress
{
    private readonly int _runs;
    private readonly ProgressTask? _bar;
    private int _finished;

    private RunProgress(int runs, ProgressTask? bar)
    {
        _runs = runs;
        _bar = bar;
    }

    public static void Show(int runs, Action<IRunProgress> work)
    {
        if (!AnsiConsole.Profile.Out.IsTerminal || !AnsiConsole.Profile.Capabilities.Ansi)
        {
            work(new RunProgress(runs, bar: null));
            return;
        }

        AnsiConsole.Progress()
            .AutoClear(true)
            .Columns(new ProgressBarColumn(), new RemainingTimeColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .Start(context => work(new RunProgress(runs, context.AddTask("warm-up", maxValue: runs))));
    }

    public void Starting(string label) => _bar?.Description(Markup.Escape(label));

    public void Finished(string label, Sample sample, Metric headline)
    {
        _finished++;
        AnsiConsole.WriteLine($"[{_finished}/{_runs}] {label}: {headline.Show(sample.Get(headline))} {headline.Unit}");
        _bar?.Increment(1);
    }
}
