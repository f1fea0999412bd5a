using System.Diagnostics;
using Xunit.Sdk;

namespace IgsNetty.FunctionalTests.Harness;

/// <summary>A program that runs beside the test (a gateway, sshd, redis-server); killed by its process ID at the latest on dispose.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Lock _linesLock = new();
    private readonly List<string> _output = [];
    private readonly List<string> _errors = [];

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Output => Join(_output);

    public string Errors => Join(_errors);

    public static ChildProcess Start(
        string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        ProcessStartInfo start = new(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        ChildProcess child = new(new Process { StartInfo = start });
        child._process.OutputDataReceived += (_, line) => child.Add(child._output, line.Data);
        child._process.ErrorDataReceived += (_, line) => child.Add(child._errors, line.Data);
        child._process.Start();
        child._process.StandardInput.Close();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>The first line, on either output, that has the text. Fails when the program ends without it.</summary>
    public async Task<string> WaitForLineAsync(Func<string, bool> wanted, string what)
    {
        string? found = null;
        bool ended = false;
        await Eventually.Async(
            () =>
            {
                ended = _process.HasExited;
                found = Find(wanted);
                return found is not null || ended;
            },
            () => $"{what} from process {Id}. It wrote:\n{Output}\n{Errors}");
        if (found is null)
        {
            // It has ended, but its last lines may still be in the pipe.
            int code = await WaitForExitAsync();
            found = Find(wanted) ?? throw new XunitException($"Ended with code {code} before {what}. It wrote:\n{Output}\n{Errors}");
        }

        return found;
    }

    /// <summary>Waits for the end and returns the exit code (128 + n after signal n).</summary>
    public async Task<int> WaitForExitAsync()
    {
        using CancellationTokenSource limit = new(HangGuard.Event);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new XunitException($"Process {Id} did not end within {HangGuard.Event.TotalSeconds} s. It wrote:\n{Output}\n{Errors}");
        }

        return _process.ExitCode;
    }

    public void Signal(int signal) => ProcessSignal.Send(_process, signal);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // With its children: sshd runs one process a session.
            _process.Kill(entireProcessTree: true);
        }

        await WaitForExitAsync();
        _process.Dispose();
    }

    private void Add(List<string> lines, string? line)
    {
        if (line is not null)
        {
            lock (_linesLock)
            {
                lines.Add(line);
            }
        }
    }

    private string? Find(Func<string, bool> wanted)
    {
        lock (_linesLock)
        {
            return _output.Find(line => wanted(line)) ?? _errors.Find(line => wanted(line));
        }
    }

    private string Join(List<string> lines)
    {
        lock (_linesLock)
        {
            return string.Join('\n', lines);
        }
    }
}
