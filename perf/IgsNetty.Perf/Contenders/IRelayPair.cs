namespace IgsNetty.Perf.Contenders;

/// <summary>Two chained relays that the load test starts and stops; they are gone with this object, whatever happens.</summary>
internal interface IRelayPair : IDisposable
{
    /// <returns>The way through both; it need not be open yet.</returns>
    /// <exception cref="PerfException">One does not start.</exception>
    Contender Start(CancellationToken cancel);

    /// <summary>So that several pairs can be asked before any is waited for.</summary>
    void AskToStop();

    /// <exception cref="PerfException">One did not end as it should.</exception>
    void Stop();
}
