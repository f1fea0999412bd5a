namespace IgsNetty.Transport.Tests.Harness;

/// <summary>What a channel told its handler.</summary>
internal readonly record struct ProbeEvent(ProbeEventKind Kind, int Bytes = 0, Exception? Error = null)
{
    public override string ToString() => Kind switch
    {
        ProbeEventKind.Read => $"Read({Bytes})",
        ProbeEventKind.Exception => $"Exception({Error?.GetType().Name}: {Error?.Message})",
        _ => Kind.ToString(),
    };
}
