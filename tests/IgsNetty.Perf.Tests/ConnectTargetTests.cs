using IgsNetty.Perf.Load;
using Xunit;

namespace IgsNetty.Perf.Tests;

public sealed class ConnectTargetTests
{
    /// <summary>
    /// A listener's handle goes to the next one that is opened; a loop of the target before, late, must not take that one's callers
    /// and leave them unanswered. By chance only, once in some ten thousand turns where that can happen.
    /// </summary>
    [Fact]
    public async Task One_that_is_gone_takes_no_call_of_the_next()
    {
        const int Turns = 250;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
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
