using System.Runtime.InteropServices;

namespace IgsNetty.Perf.Load;

/// <summary>
/// The echo target as a process of its own, by a command line that --help does not name: prints <c>ready echo=ADDRESS</c> and stops at
/// SIGTERM.
/// </summary>
internal static class EchoTargetProgram
{
    public const string Command = "echo-target";

    public static void Run()
    {
        using EchoTarget target = new(address: null);
        using ManualResetEventSlim stop = new();
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        Console.WriteLine($"ready {target.Name}={target.Address}");
        stop.Wait();

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Set();
        }
    }
}
