using System.Net;
using IgsNetty.Perf.Contenders;
using IgsNetty.Perf.Load;
using IgsNetty.Perf.Report;
using Xunit;

namespace IgsNetty.Perf.Tests;

public sealed class LoadRunTests
{
    private static readonly LoadTiming Short = new(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(50));
    private static readonly Contender Nobody = new("nobody", new Dictionary<string, IPEndPoint>(), []);

    [Fact]
    public void What_came_through_before_and_after_the_measured_time_does_not_count()
    {
        LoadOutcome outcome = Measure(new MadeUpLoad { Before = 1000, Within = 7, After = 500 });
        Assert.Equal(7, outcome.Count);
        Assert.InRange(outcome.Seconds, 0.05, double.MaxValue);
        Assert.Null(outcome.GatewayCpuSeconds);
    }

    [Fact]
    public void Nothing_at_all_is_a_failure_that_says_so() =>
        Assert.Contains("nothing came through", Assert.Throws<PerfException>(() => Measure(new MadeUpLoad())).Message, StringComparison.Ordinal);

    [Fact]
    public void A_thread_that_fails_is_named() => Assert.Equal(
        "load thread 1: an echo differs",
        Assert.Throws<PerfException>(() => Measure(new MadeUpLoad { Within = 7, Failing = 1 })).Message);

    [Fact]
    public void Figures_of_relays_are_of_the_larger_one_and_by_seconds()
    {
        Sample sample = new();
        sample.SetCommon(new LoadOutcome(Seconds: 2, Count: 1, CountBeside: 0, GatewayCpuSeconds: 1, [50 << 20, 70 << 20], LoadCpuSeconds: 3)
        {
            ContextSwitches = 500, Descriptors = [100, 90],
        });
        Assert.Equal((70, 250, 100, 1.5), (sample.Get(Metric.Memory), sample.Get(Metric.Switches), sample.Get(Metric.Descriptors), sample.Get(Metric.LoadCpu)));
    }

    [Fact]
    public void Figures_that_nobody_has_are_absent()
    {
        Sample sample = new();
        sample.SetCommon(new LoadOutcome(Seconds: 2, Count: 1, CountBeside: 0, GatewayCpuSeconds: null, [], LoadCpuSeconds: 3));
        sample.Set(Metric.P50, double.NaN);
        sample.Set(Metric.P99, null);
        Assert.Equal([Metric.LoadCpu.Name], sample.Values.Keys);
    }

    private static LoadOutcome Measure(ILoad load) => LoadRun.Measure(load, Nobody, Short, CancellationToken.None);

    /// <summary>Two threads, of which the first counts.</summary>
    private sealed class MadeUpLoad : ILoad
    {
        private long _count;
        private int _looks;

        public int Before { get; init; }

        public int Within { get; init; }

        public int After { get; init; }

        public int Failing { get; init; } = -1;

        public int Threads => 2;

        /// <summary>The load run looks when the measured time begins and when it is over: what comes in between comes behind the first look.</summary>
        public long Count
        {
            get
            {
                int added = ++_looks == 1 ? Within : After;
                return Interlocked.Add(ref _count, added) - added;
            }
        }

        public void RunThread(int thread, LoadControl control)
        {
            if (thread == 0)
            {
                _count = Before;
            }

            control.AwaitAllConnected();
            if (thread == Failing)
            {
                throw new PerfException("an echo differs");
            }

            SpinWait.SpinUntil(() => control.IsEnding);
        }
    }
}
