using IgsNetty.Relay.Targets;

namespace IgsNetty.Endpoints.Names;

/// <summary>One look-up under way, and how many wait for it. Its counter belongs to the resolver's lock.</summary>
internal sealed class NameLookup
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<NameAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Callers that need the answer, or late addresses.</summary>
    public int Interested { get; set; } = 1;

    /// <summary>The answer.</summary>
    public Task<NameAnswer> Answer => _answer.Task;

    /// <summary>Completes when nothing is asked any more.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Asks for the name and what it may stand for, until one has an address. Does not throw.</summary>
    public async Task RunAsync(INameSource source, string host, TimeProvider time)
    {
        List<Task> asked = [];
        try
        {
            _answer.TrySetResult(await AskAsync(source, host, time, asked).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            _answer.TrySetCanceled();
        }
        catch (Exception e)
        {
            _answer.TrySetException(e);
        }

        await Task.WhenAll(asked).ConfigureAwait(false);
        _ended.TrySetResult();
    }

    /// <summary>Nobody needs it any more.</summary>
    public void Stop() => _stop.Cancel();

    private async Task<NameAnswer> AskAsync(INameSource source, string host, TimeProvider time, List<Task> asked)
    {
        NameAnswer worst = NameAnswer.Without(NameStatus.NotFound);
        foreach (string name in source.Candidates(host))
        {
            FamilyPair pair = FamilyPair.Ask(source, name, time, _stop.Token);
            asked.Add(pair.Ended);
            NameAnswer answer = await pair.AnswerAsync().ConfigureAwait(false);
            if (answer.Status == NameStatus.Found)
            {
                return answer;
            }

            pair.Stop();
            worst = answer.Status > worst.Status ? answer : worst;
        }

        return worst;
    }
}
