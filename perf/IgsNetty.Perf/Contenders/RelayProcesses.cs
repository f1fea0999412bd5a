using System.Diagnostics;
using System.Net;
using IgsNetty.Perf.Ports;

namespace IgsNetty.Perf.Contenders;

/// <summary>The processes of one pair of relays and the folder with their files; all of it is gone with this object.</summary>
internal sealed class RelayProcesses : IDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(0.02);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("igsnetty-perf-");
    private readonly List<RelayProcess> _all = [];
    private readonly List<(IPEndPoint Address, bool IsUdp)> _taken = [];

    /// <summary>In the order of their start.</summary>
    public IReadOnlyList<RelayProcess> All => _all;

    public string Folder => _folder.FullName;

    /// <returns>The path of a new file.</returns>
    public string Write(string fileName, string text)
    {
        string path = Path.Combine(Folder, fileName);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>As <see cref="RelayProcess"/> takes them.</summary>
    public RelayProcess Start(string name, ProcessStartInfo start, bool endsCleanly = true)
    {
        RelayProcess process = new(name, start, endsCleanly);
        _all.Add(process);
        return process;
    }

    /// <summary>An address of 127.0.0.1 for one of them to listen on.</summary>
    public IPEndPoint TakeAddress(bool isUdp = false)
    {
        IPEndPoint address = new(IPAddress.Loopback, ForeignPorts.Take());
        _taken.Add((address, isUdp));
        return address;
    }

    /// <summary>Waits until they listen on this address, or on every one that was taken. Returns earlier when a process ends.</summary>
    /// <exception cref="PerfException">Neither has happened in time.</exception>
    public void WaitUntilBound(CancellationToken cancel, IPEndPoint? only = null)
    {
        foreach ((IPEndPoint address, bool isUdp) in _taken.Where(one => only is null || one.Address.Equals(only)))
        {
            long start = Stopwatch.GetTimestamp();
            while (!_all.Any(p => p.HasEnded) && !_all.Any(p => BoundPorts.Has(p.Id, address.Port, isUdp)))
            {
                if (Stopwatch.GetElapsedTime(start) > HangGuard.Limit)
                {
                    throw new PerfException($"nothing listens on {address}\n{string.Join('\n', _all.Select(p => p.State()))}");
                }

                cancel.WaitHandle.WaitOne(LookAgain);
                cancel.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>One has ended and printed that its port is taken.</summary>
    public bool IsPortTaken() => _all.Any(p => p.HasEnded && p.State().Contains("in use", StringComparison.OrdinalIgnoreCase));

    public void AskToStop() => _all.ForEach(p => p.AskToStop());

    /// <exception cref="PerfException">One did not end as it should.</exception>
    public void Stop()
    {
        AskToStop();
        string[] problems = [.. _all.Select(p => p.WaitForEnd()).OfType<string>()];
        if (problems.Length > 0)
        {
            throw new PerfException(string.Join('\n', problems));
        }
    }

    public void Dispose()
    {
        AskToStop();
        foreach (RelayProcess process in _all)
        {
            process.WaitForEnd();
            process.Dispose();
        }

        _folder.Delete(recursive: true);
    }
}
