using IgsNetty.Relay.Targets;

namespace IgsNetty.Endpoints.Names;

/// <summary>Bounds the look-ups that are under way and those that wait, and lets origins take turns. Thread-safe.</summary>
/// <param name="places">Look-ups under way at a time. One group gets half of them.</param>
internal sealed class LookupTurns(int places)
{
    private const int MaxWaiting = 8192;

    private readonly FairShares _running = new(places, places / 2);
    private readonly FairShares _waiting = new(MaxWaiting, MaxWaiting / 2);
    private readonly Dictionary<CallOrigin, LinkedList<TaskCompletionSource<bool>>> _queues = []; // also the lock
    private readonly LinkedList<CallOrigin> _round = new();

    /// <summary>Waits for a turn.</summary>
    /// <param name="origin">Whose share is charged.</param>
    /// <param name="cancellation">Gives the wait up.</param>
    /// <returns>True: <see cref="Leave"/> must follow. False: too many of this origin, its group or all wait already.</returns>
    public async Task<bool> EnterAsync(CallOrigin origin, CancellationToken cancellation)
    {
        LinkedListNode<TaskCompletionSource<bool>> node;
        lock (_queues)
        {
            if (!_queues.ContainsKey(origin) && _running.TryTake(origin))
            {
                return true;
            }

            if (!_waiting.TryTake(origin))
            {
                return false;
            }

            node = Enqueue(origin);
        }

        using CancellationTokenRegistration registration = cancellation.UnsafeRegister(_ => GiveUp(origin, node, cancellation), null);
        return await node.Value.Task.ConfigureAwait(false);
    }

    /// <summary>A look-up has ended: its place goes to those that wait, one origin after the other.</summary>
    public void Leave(CallOrigin origin)
    {
        lock (_queues)
        {
            _running.Return(origin);
            int refused = 0;
            while (refused < _round.Count)
            {
                LinkedListNode<CallOrigin> next = _round.First!;
                _round.RemoveFirst();
                _round.AddLast(next);
                if (_running.TryTake(next.Value))
                {
                    refused = 0;
                    Dequeue(next.Value, _queues[next.Value].First!).SetResult(true);
                }
                else
                {
                    refused++;
                }
            }
        }
    }

    private LinkedListNode<TaskCompletionSource<bool>> Enqueue(in CallOrigin origin)
    {
        if (!_queues.TryGetValue(origin, out LinkedList<TaskCompletionSource<bool>>? queue))
        {
            _queues.Add(origin, queue = new LinkedList<TaskCompletionSource<bool>>());
            _round.AddLast(origin);
        }

        return queue.AddLast(new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
    }

    private TaskCompletionSource<bool> Dequeue(CallOrigin origin, LinkedListNode<TaskCompletionSource<bool>> node)
    {
        LinkedList<TaskCompletionSource<bool>> queue = _queues[origin];
        queue.Remove(node);
        _waiting.Return(origin);
        if (queue.Count == 0)
        {
            _queues.Remove(origin);
            _round.Remove(origin);
        }

        return node.Value;
    }

    private void GiveUp(CallOrigin origin, LinkedListNode<TaskCompletionSource<bool>> node, CancellationToken cancellation)
    {
        lock (_queues)
        {
            if (node.List is not null)
            {
                Dequeue(origin, node).SetCanceled(cancellation);
            }
        }
    }
}
