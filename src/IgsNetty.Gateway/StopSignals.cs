using System.Runtime.InteropServices;

namespace IgsNetty.Gateway;

/// <summary>
/// The signals of a running gateway. SIGTERM and SIGINT stop it, a second one ends it at once, and the others are logged. The handlers
/// stay until the process has ended: without them a late signal would kill it, and its exit code would be wrong.
/// </summary>
internal sealed class StopSignals
{
    private static readonly List<PosixSignalRegistration> Registrations = [];

    private readonly TaskCompletionSource<PosixSignal> _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<int> _exit;
    private int _count;

    /// <param name="exit">Ends the process with this code.</param>
    internal StopSignals(Action<int> exit) => _exit = exit;

    /// <summary>The first of SIGTERM and SIGINT.</summary>
    public Task<PosixSignal> Stop => _stop.Task;

    /// <summary>Called when a second one comes, before the process ends.</summary>
    public Action<PosixSignal>? OnSecond { get; set; }

    /// <summary>Called for the other signals, by name.</summary>
    public Action<string>? OnOther { get; set; }

    /// <summary>Registers the handlers, once for a process. Call it first: until then a signal kills.</summary>
    public static StopSignals Register()
    {
        StopSignals signals = new(Environment.Exit);
        Registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, signals.Handle));
        Registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, signals.Handle));
        if (!OperatingSystem.IsWindows())
        {
            Registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => signals.HandleOther(context, "SIGHUP")));
            (int first, int second) = OperatingSystem.IsLinux() ? (10, 12) : (30, 31);
            Registrations.Add(PosixSignalRegistration.Create((PosixSignal)first, context => signals.HandleOther(context, "SIGUSR1")));
            Registrations.Add(PosixSignalRegistration.Create((PosixSignal)second, context => signals.HandleOther(context, "SIGUSR2")));
        }

        return signals;
    }

    internal void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _count) == 1)
        {
            _stop.TrySetResult(context.Signal);
            return;
        }

        OnSecond?.Invoke(context.Signal);
        _exit(Commands.ExitCode.Success);
    }

    private void HandleOther(PosixSignalContext context, string name)
    {
        context.Cancel = true;
        OnOther?.Invoke(name);
    }
}
