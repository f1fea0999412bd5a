using Xunit;

namespace IgsNetty.Transport.Tests.Harness;

/// <summary>Conditions that a test waits for while a loop changes what they look at, under one lock. Thread-safe.</summary>
/// <param name="gate">Guards what the conditions look at.</param>
/// <param name="describe">What has come so far, for messages.</param>
internal sealed class Conditions(Lock gate, Func<string> describe)
{
    private readonly List<(Func<bool> Condition, TaskCompletionSource Met)> _waiting = [];

    public async Task UntilAsync(Func<bool> condition, string what)
    {
        TaskCompletionSource met = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (condition())
            {
                return;
            }

            _waiting.Add((condition, met));
        }

        try
        {
            await met.Task.InTime(what);
        }
        catch (Exception e)
        {
            Assert.Fail($"{e.Message}; {describe()}");
        }
    }

    /// <summary>Something has changed.</summary>
    public void Check()
    {
        lock (gate)
        {
            foreach ((Func<bool> Condition, TaskCompletionSource Met) waiting in _waiting.ToArray())
            {
                if (waiting.Condition())
                {
                    _waiting.Remove(waiting);
                    waiting.Met.SetResult();
                }
            }
        }
    }
}
