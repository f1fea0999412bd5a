using System.Runtime.InteropServices;
using IgsNetty.Perf;
using IgsNetty.Perf.Contenders.Bare;
using IgsNetty.Perf.Load;

const int Failed = 1;
const int Stopped = 130;

try
{
    if (args is [BareRelay.Command, .. string[] relayed])
    {
        BareRelay.Run(relayed);
        return 0;
    }

    if (args is [EchoTargetProgram.Command])
    {
        EchoTargetProgram.Run();
        return 0;
    }

    PerfOptions options = PerfOptionsParser.Parse(args);
    if (options.ShowHelp)
    {
        Console.WriteLine(PerfHelp.Text);
        return 0;
    }

    if (!OperatingSystem.IsLinux())
    {
        throw new PerfException("the load test runs on Linux only: its load generator uses epoll");
    }

    using CancellationTokenSource stop = new();
    using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
    return PerfCommand.Run(options, stop.Token);

    void Stop(PosixSignalContext signal)
    {
        // The session stops its gateways and then ends by itself.
        signal.Cancel = true;
        stop.Cancel();
    }
}
catch (PerfException e)
{
    Console.Error.WriteLine($"igsnetty-perf: {e.Message}");
    return e.ExitCode;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("igsnetty-perf: stopped");
    return Stopped;
}
catch (Exception e)
{
    // Caught although it is a bug: an exception that nobody catches ends the process before the gateways are stopped.
    Console.Error.WriteLine($"igsnetty-perf: {e}");
    return Failed;
}
