using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace IgsNetty.FunctionalTests.Harness;

/// <summary>One running <c>igsnetty run</c>.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private readonly ChildProcess _child;

    private GatewayProcess(string name, ChildProcess child, ReadyLine ready)
    {
        Name = name;
        _child = child;
        Ready = ready;
    }

    public string Name { get; }

    public ReadyLine Ready { get; }

    public IPEndPoint Link => Ready["link"];

    public IPEndPoint Proxy => Ready["proxy"];

    /// <summary>All it has logged so far.</summary>
    public string Log => _child.Errors;

    /// <summary>Waits for a warning or an error that has this text, in whatever case.</summary>
    public Task WaitForProblemAsync(string text) => Eventually.Async(
        () => LogEntries.Problems(Log).Any(problem => problem.Contains(text, StringComparison.OrdinalIgnoreCase)),
        () => $"{Name} logs a warning or an error with '{text}'");

    /// <summary>Waits for an entry, of whatever level, that has this text.</summary>
    public Task WaitForLogAsync(string text) => Eventually.Async(
        () => Log.Contains(text, StringComparison.Ordinal), () => $"{Name} logs '{text}'");

    public string StandardOutput => _child.Output;

    /// <summary>What every user of the machine can see of how it was started.</summary>
    public string CommandLine => File.ReadAllText($"/proc/{_child.Id}/cmdline");

    /// <summary>Entries of its descriptor table: sockets, files, event descriptors.</summary>
    public int OpenDescriptors => Directory.GetFileSystemEntries($"/proc/{_child.Id}/fd").Length;

    /// <summary>From here on it may have so many of them.</summary>
    public void LimitDescriptors(int most) => ProcessLimit.SetOpenFiles(_child.Id, most);

    public long ResidentBytes => StatusBytes("VmRSS:");

    /// <summary>The most that was resident at any time.</summary>
    public long PeakResidentBytes => StatusBytes("VmHWM:");

    /// <summary>Runs the program with a configuration file made of <paramref name="config"/> and waits until it is ready.</summary>
    public static Task<GatewayProcess> StartAsync(string name, JsonObject config, TempDirectory directory, params string[] more)
    {
        string file = directory.Write($"{name}.json", config.ToJsonString());
        return StartAsync(name, ["--config", file, .. more]);
    }

    /// <summary>The same with name files of its own.</summary>
    public static Task<GatewayProcess> StartAsync(string name, JsonObject config, TempDirectory directory, NameFiles? names)
    {
        string file = directory.Write($"{name}.json", config.ToJsonString());
        return StartAsync(name, names?.Launch ?? Launch.Plain, ["--config", file]);
    }

    /// <summary>Runs the program with these arguments behind <c>run</c> and waits until it is ready.</summary>
    public static Task<GatewayProcess> StartAsync(
        string name, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null) =>
        StartAsync(name, Launch.Plain, arguments, environment);

    /// <summary>The same, started by a launcher, which becomes the program.</summary>
    public static async Task<GatewayProcess> StartAsync(
        string name, Launch launch, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        ChildProcess child = launch.Start(["run", .. arguments], environment);
        try
        {
            string line = await child.WaitForLineAsync(ReadyLine.IsReady, $"the ready line of {name}");
            return new GatewayProcess(name, child, new ReadyLine(line));
        }
        catch
        {
            await child.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGTERM; returns the exit code.</summary>
    public Task<int> TerminateAsync()
    {
        _child.Signal(ProcessSignal.Terminate);
        return _child.WaitForExitAsync();
    }

    public void Signal(int signal) => _child.Signal(signal);

    public bool HasExited => _child.HasExited;

    /// <summary>Returns the exit code (128 + n after signal n).</summary>
    public Task<int> WaitForExitAsync() => _child.WaitForExitAsync();

    /// <summary>SIGKILL; returns when it is gone.</summary>
    public Task KillAsync()
    {
        _child.Signal(ProcessSignal.Kill);
        return _child.WaitForExitAsync();
    }

    /// <summary>SIGSTOP: its sockets stay open and nobody reads them.</summary>
    public void Pause() => _child.Signal(ProcessSignal.Stop);

    public void Resume() => _child.Signal(ProcessSignal.Continue);

    public ValueTask DisposeAsync() => _child.DisposeAsync();

    /// <summary>Its addresses and the end of its log, for the report of a failed test.</summary>
    public string Describe()
    {
        const int Shown = 200;
        string[] lines = Log.Split('\n');
        string left = lines.Length > Shown ? $" (last {Shown} of {lines.Length} lines)" : "";
        return $"--- {Name}: {Ready}; log{left}:\n{string.Join('\n', lines.TakeLast(Shown))}";
    }

    // Lines such as "VmRSS:	   12345 kB"; see proc(5).
    private long StatusBytes(string field)
    {
        string line = File.ReadLines($"/proc/{_child.Id}/status").First(l => l.StartsWith(field, StringComparison.Ordinal));
        string number = line[field.Length..].Replace("kB", "", StringComparison.Ordinal).Trim();
        return 1024 * long.Parse(number, CultureInfo.InvariantCulture);
    }
}
