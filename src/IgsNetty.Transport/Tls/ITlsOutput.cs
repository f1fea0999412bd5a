namespace IgsNetty.Transport.Tls;

/// <summary>Takes the records that an <see cref="ITlsEngine"/> makes.</summary>
public interface ITlsOutput
{
    /// <summary>Called from inside the engine's members; copies the bytes and must not call back.</summary>
    void Append(ReadOnlySpan<byte> records);
}
