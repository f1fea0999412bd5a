using IgsNetty.Perf.Load;
using IgsNetty.Perf.Tests.Harness;
using Xunit;

namespace IgsNetty.Perf.Tests;

public sealed class ConnectTargetTests
{
    [Fact]
    public async Task Processes_that_start_meanwhile_make_it_close_nothing_of_others()
    {
        await using StartingProcesses others = new();
        await TakeTurnsAsync();
    }

    /// <summary>
    /// A listener's handle goes to the next one that is opened; a loop of the target before, late, must not take that one's callers
    /// and leave them unanswered. By chance only, once in some ten thousand turns where that can happen.
    /// </summary>
    [Fact]
    public Task One_that_is_gone_takes_no_call_of_the_next() => TakeTurnsAsync();

    private static Task TakeTurnsAsync()
    {
        const int Turns = 150;
        return Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                for (int i = 0; i < Turns; i++)
                {
                    using ConnectTarget target = new(address: null);
                    target.Probe(target.Address);
                }
            },
            TaskCreationOptions.LongRunning)));
    }
}
