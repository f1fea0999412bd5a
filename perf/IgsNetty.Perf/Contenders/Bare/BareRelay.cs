using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using IgsNetty.Perf.Load;

namespace IgsNetty.Perf.Contenders.Bare;

/// <summary>
/// A plain TCP relay, run as a process of its own by a command line that --help does not name: <c>bare-relay NAME=ADDRESS …</c>
/// listens on a free port of 127.0.0.1 for each address, prints <c>ready NAME=PORT'S ADDRESS …</c>, and stops at SIGTERM.
/// </summary>
/// <remarks>
/// It stands on the system's own epoll and not on the gateways' event loop, for two reasons: that loop looks for a moment before
/// it sleeps, which a plain relay does not; and what the gateways are measured by must not change when they do.
/// </remarks>
internal static class BareRelay
{
    public const string Command = "bare-relay";

    /// <summary>Runs until SIGTERM or SIGINT.</summary>
    /// <exception cref="PerfException">An argument is none.</exception>
    public static void Run(IEnumerable<string> args)
    {
        using BareLoop loop = new();
        List<string> ready = ["ready"];
        foreach (string[] pair in args.Select(arg => arg.Split('=', 2)))
        {
            if (pair.Length != 2 || !IPEndPoint.TryParse(pair[1], out IPEndPoint? target) || !LoadSocket.IsLoopback(target))
            {
                throw new PerfException($"{Command} wants NAME=ADDRESS, with an address in 127.0.0.0/8") { ExitCode = 2 };
            }

            Socket listener = LoadSocket.Listen(address: null);
            listener.Blocking = false;
            listener.NoDelay = true; // its connections inherit it
            loop.Add(new BareListener(listener, target, loop));
            ready.Add($"{pair[0]}={listener.LocalEndPoint}");
        }

        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        Console.WriteLine(string.Join(' ', ready));
        loop.Run();

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            loop.Stop();
        }
    }
}
