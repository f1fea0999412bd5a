using System.Net;
using IgsNetty.Perf.Load;

namespace IgsNetty.Perf.Contenders;

/// <summary>An echo target in a process of its own, gone with this object: its streams take none of the load generator's open files.</summary>
internal sealed class EchoTargetProcess : ITarget
{
    private readonly RelayProcess _process;
    private bool _isEnded;

    /// <exception cref="PerfException">It does not start.</exception>
    public EchoTargetProcess(CancellationToken cancel)
    {
        _process = new RelayProcess(
            "echo target", new("dotnet", [typeof(EchoTargetProgram).Assembly.Location, EchoTargetProgram.Command]));
        Address = _process.WaitUntilReady(cancel).Address(Name);
    }

    public string Name => TargetNames.Echo;

    public IPEndPoint Address { get; }

    public void Probe(IPEndPoint address) => EchoTarget.ProbeAny(address);

    public void Dispose()
    {
        if (_isEnded)
        {
            return;
        }

        _isEnded = true;
        _process.AskToStop();
        _process.WaitForEnd();
        _process.Dispose();
    }
}
