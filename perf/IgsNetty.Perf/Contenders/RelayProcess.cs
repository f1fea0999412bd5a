using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using IgsNetty.Perf.Contenders.Sampling;

namespace IgsNetty.Perf.Contenders;

/// <summary>One relay that the load test started: its ready line, its cost, its end.</summary>
internal sealed partial class RelayProcess : IDisposable
{
    private const int Terminate = 15;
    private const int KeptLines = 20;

    // A child that lives on may keep the pipe open, so this wait must end.
    private static readonly TimeSpan LastWordsLimit = TimeSpan.FromSeconds(5);

    private readonly string _name;
    private readonly bool _endsCleanly;
    private readonly Process _process;
    private readonly Queue<string> _lastLines = [];
    private readonly TaskCompletionSource<ReadyLine> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _started = Stopwatch.GetTimestamp();
    private bool _isAsked;

    /// <param name="name">For messages.</param>
    /// <param name="start">The program and its arguments; its output is read here.</param>
    /// <param name="endsCleanly">After SIGTERM it exits with 0; a program for which that is an ordinary death does not.</param>
    /// <exception cref="PerfException">There is no such program.</exception>
    public RelayProcess(string name, ProcessStartInfo start, bool endsCleanly = true)
    {
        _name = name;
        _endsCleanly = endsCleanly;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => OnOutput(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Exited += (_, _) => _ready.TrySetException(new PerfException("ended before it was ready"));
        try
        {
            _process.Start();
        }
        catch (Win32Exception e)
        {
            throw new PerfException($"{name}: cannot start {start.FileName}: {e.Message}", e);
        }

        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Name => _name;

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    /// <summary>From its start to its ready line; null while there is none.</summary>
    public double? StartSeconds { get; private set; }

    /// <exception cref="PerfException">It ended, or was not ready in time.</exception>
    public ReadyLine WaitUntilReady(CancellationToken cancel)
    {
        try
        {
            return _ready.Task.WaitAsync(HangGuard.Limit, cancel).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is PerfException or TimeoutException)
        {
            string what = e is PerfException ? e.Message : $"was not ready within {HangGuard.Limit.TotalSeconds} s";
            throw new PerfException($"{_name} {what}\n{State()}", e);
        }
    }

    /// <summary>It and its descendants, as they are now: what they have used since their start, and what they hold.</summary>
    /// <exception cref="PerfException">It has ended.</exception>
    public ProcessTree Tree() =>
        HasEnded ? throw new PerfException($"{_name} has ended in the load run") : ProcessTree.Of(_process.Id);

    public void AskToStop()
    {
        if (!_isAsked && !_process.HasExited)
        {
            // Once: a program that is ending may have put its handler away.
            _isAsked = true;

            // It fails only if the process has ended meanwhile, which is what is wanted.
            _ = SendSignal(_process.Id, Terminate);
        }
    }

    /// <returns>Null when it ended as it should, else what was wrong.</returns>
    public string? WaitForEnd()
    {
        if (!_process.WaitForExit(HangGuard.Limit))
        {
            _process.Kill();
            _process.WaitForExit();
            return $"{_name} did not stop within {HangGuard.Limit.TotalSeconds} s of SIGTERM and was killed\n{State()}";
        }

        return _process.ExitCode == 0 || (_isAsked && !_endsCleanly) ? null : State();
    }

    /// <summary>Whether it runs, and the last lines it printed.</summary>
    public string State()
    {
        if (_process.HasExited)
        {
            // Its last words may still be on their way.
            _process.WaitForExitAsync().Wait(LastWordsLimit);
        }

        string state = _process.HasExited ? $"has ended with exit code {_process.ExitCode}" : "is running";
        lock (_lastLines)
        {
            return _lastLines.Count == 0
                ? $"{_name} {state} and printed nothing"
                : $"{_name} {state}; its last lines:\n  {string.Join("\n  ", _lastLines)}";
        }
    }

    public void Dispose() => _process.Dispose();

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);

    private void OnOutput(string? line)
    {
        Keep(line);
        if (line is not null && !_ready.Task.IsCompleted && ReadyLine.TryParse(line) is { } ready)
        {
            StartSeconds = Stopwatch.GetElapsedTime(_started).TotalSeconds;
            _ready.TrySetResult(ready);
        }
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lastLines)
        {
            _lastLines.Enqueue(line);
            if (_lastLines.Count > KeptLines)
            {
                _lastLines.Dequeue();
            }
        }
    }
}
