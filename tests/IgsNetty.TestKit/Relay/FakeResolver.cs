using System.Net;
using IgsNetty.Relay.Targets;

namespace IgsNetty.TestKit.Relay;

/// <summary>Host names whose addresses the test tells, when it likes. What follows an answer runs inside the call.</summary>
public sealed class FakeResolver : INameResolver
{
    private readonly List<(string Host, TaskCompletionSource<IPAddress[]> Answer)> _asked = [];
    private readonly List<CallOrigin> _origins = [];

    /// <summary>Who asked for them.</summary>
    public IReadOnlyList<CallOrigin> Origins => _origins;

    /// <summary>Every name that was asked for, in order.</summary>
    public IReadOnlyList<string> Asked => [.. _asked.Select(question => question.Host)];

    /// <summary>Questions without an answer.</summary>
    public int Open => _asked.Count(question => !question.Answer.Task.IsCompleted);

    public Task<NameAnswer> ResolveAsync(string host, CallOrigin origin, CancellationToken cancellation)
    {
        _origins.Add(origin);
        return new LambdaResolver(Ask).ResolveAsync(host, origin, cancellation);
    }

    private Task<IPAddress[]> Ask(string host, CancellationToken cancellation)
    {
        TaskCompletionSource<IPAddress[]> answer = new();
        cancellation.Register(() => answer.TrySetCanceled(cancellation));
        _asked.Add((host, answer));
        return answer.Task;
    }

    /// <summary>Answers the oldest question about the name.</summary>
    public void Answer(string host, params IEnumerable<string> addresses) =>
        Set(host, answer => answer.SetResult([.. addresses.Select(IPAddress.Parse)]));

    /// <summary>Answers the oldest question about the name, if there is one.</summary>
    public bool TryAnswer(string host, params IEnumerable<string> addresses)
    {
        bool isAsked = _asked.Exists(question => question.Host == host && !question.Answer.Task.IsCompleted);
        if (isAsked)
        {
            Answer(host, addresses);
        }

        return isAsked;
    }

    public void Fail(string host, Exception error) => Set(host, answer => answer.SetException(error));

    private void Set(string host, Action<TaskCompletionSource<IPAddress[]>> set)
    {
        TaskCompletionSource<IPAddress[]> oldest = _asked.First(question => question.Host == host && !question.Answer.Task.IsCompleted).Answer;
        SynchronizationContext? context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            set(oldest);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }
}
