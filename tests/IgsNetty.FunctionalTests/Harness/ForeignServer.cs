using System.Net;
using IgsNetty.Perf.Ports;
using Xunit.Sdk;

namespace IgsNetty.FunctionalTests.Harness;

/// <summary>Starts a server of another maker, which gets its port from the test.</summary>
internal static class ForeignServer
{
    private const int Attempts = 5;

    /// <summary>Starts it and waits until it has its port. When another program was faster, it starts again with another port.</summary>
    /// <param name="tool">A file, or a name to look for.</param>
    /// <param name="isUdp">Whether it takes datagrams, not connections.</param>
    /// <param name="arguments">For this address of 127.0.0.1.</param>
    /// <param name="environment">Variables on top of the test's own.</param>
    public static async Task<(ChildProcess Process, IPEndPoint Address)> StartAsync(
        string tool,
        bool isUdp,
        Func<IPEndPoint, IReadOnlyList<string>> arguments,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        for (int attempt = 1; ; attempt++)
        {
            IPEndPoint address = new(IPAddress.Loopback, ForeignPorts.Take());
            ChildProcess process = ChildProcess.Start(ToolFinder.Find(tool) ?? tool, arguments(address), environment);
            try
            {
                await Eventually.Async(
                    () => process.HasExited || BoundPorts.Has(process.Id, address.Port, isUdp),
                    () => $"{tool} has port {address.Port}. It wrote:\n{process.Output}\n{process.Errors}");
                if (!process.HasExited)
                {
                    return (process, address);
                }

                // Its last lines may still be in the pipe.
                int code = await process.WaitForExitAsync();
                if (attempt == Attempts || !WasTaken(process, address.Port))
                {
                    throw new XunitException($"{tool} ended with code {code}. It wrote:\n{process.Output}\n{process.Errors}");
                }
            }
            catch
            {
                await process.DisposeAsync();
                throw;
            }

            await process.DisposeAsync();
        }
    }

    private static bool WasTaken(ChildProcess process, int port) =>
        $"{process.Output}\n{process.Errors}".Contains("in use", StringComparison.OrdinalIgnoreCase) || !ForeignPorts.IsFree(port);
}
