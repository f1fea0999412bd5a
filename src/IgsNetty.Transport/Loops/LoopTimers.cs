namespace IgsNetty.Transport.Loops;

/// <summary>
/// The timers of a loop that wait, the next one first: a binary heap whose timers know their places, so that one of many
/// thousands is cancelled in a few steps. Loop only.
/// </summary>
internal sealed class LoopTimers
{
    private LoopTimer[] _heap = new LoopTimer[16];
    private int _count;
    private long _numbers;

    /// <summary>The one that is due next; null: there is none.</summary>
    public LoopTimer? Next => _count > 0 ? _heap[0] : null;

    public void Add(LoopTimer timer)
    {
        if (_count == _heap.Length)
        {
            Array.Resize(ref _heap, 2 * _count);
        }

        timer.Number = _numbers++;
        Rise(_count++, timer);
    }

    /// <summary>Takes one out; nothing happens when it is not there.</summary>
    public void Remove(LoopTimer timer)
    {
        int place = timer.Place;
        if (place < 0)
        {
            return;
        }

        timer.Place = -1;
        LoopTimer last = _heap[--_count];
        _heap[_count] = null!;
        if (last == timer)
        {
            return;
        }

        if (place > 0 && IsBefore(last, _heap[(place - 1) / 2]))
        {
            Rise(place, last);
        }
        else
        {
            Sink(place, last);
        }
    }

    private static bool IsBefore(LoopTimer one, LoopTimer other)
    {
        int order = one.Deadline.CompareTo(other.Deadline);
        return order < 0 || (order == 0 && one.Number < other.Number);
    }

    private void Rise(int place, LoopTimer timer)
    {
        while (place > 0 && _heap[(place - 1) / 2] is var parent && IsBefore(timer, parent))
        {
            Put(place, parent);
            place = (place - 1) / 2;
        }

        Put(place, timer);
    }

    private void Sink(int place, LoopTimer timer)
    {
        for (int child; (child = (2 * place) + 1) < _count; place = child)
        {
            if (child + 1 < _count && IsBefore(_heap[child + 1], _heap[child]))
            {
                child++;
            }

            if (!IsBefore(_heap[child], timer))
            {
                break;
            }

            Put(place, _heap[child]);
        }

        Put(place, timer);
    }

    private void Put(int place, LoopTimer timer)
    {
        _heap[place] = timer;
        timer.Place = place;
    }
}
