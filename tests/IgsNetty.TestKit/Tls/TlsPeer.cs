using System.Buffers;
using DotNetty.Buffers;
using IgsNetty.Transport.Tls;

namespace IgsNetty.TestKit.Tls;

/// <summary>The other end of a TLS connection: an engine with nothing around it. A test carries the bytes.</summary>
public sealed class TlsPeer : ITlsOutput, IDisposable
{
    private readonly ITlsEngine _engine;
    private readonly ArrayBufferWriter<byte> _records = new();
    private readonly ArrayBufferWriter<byte> _read = new();

    /// <param name="engines">What it shows itself by.</param>
    /// <param name="dialled">Whether it has opened the connection: then its first records are there at once.</param>
    public TlsPeer(ITlsEngines engines, bool dialled)
    {
        ArgumentNullException.ThrowIfNull(engines);
        _engine = engines.Create(dialled, this);
        if (dialled)
        {
            _engine.Handshake(Unpooled.Empty);
        }
    }

    public TlsSession? Session => _engine.Session;

    /// <summary>close_notify has come.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Bytes come; what they make is in <see cref="TakeRead"/> and <see cref="TakeRecords"/>.</summary>
    public void Receive(byte[] records)
    {
        IByteBuffer input = Unpooled.WrappedBuffer(records);
        if (_engine.Session is null && !_engine.Handshake(input))
        {
            return;
        }

        byte[] plaintext = new byte[5000];
        while (!HasEnded && _engine.Read(input, plaintext) is var count && count != 0)
        {
            HasEnded = count == TlsRead.End;
            _read.Write(plaintext.AsSpan(0, Math.Max(count, 0)));
        }
    }

    /// <summary>The records of some plaintext, behind those that nobody has taken yet.</summary>
    public byte[] Write(ReadOnlySpan<byte> plaintext)
    {
        _engine.Write(plaintext);
        return TakeRecords();
    }

    /// <summary>The record of close_notify.</summary>
    public byte[] Close()
    {
        _engine.Close();
        return TakeRecords();
    }

    /// <summary>What is to be carried to the other end.</summary>
    public byte[] TakeRecords() => Take(_records);

    /// <summary>What the other end has written.</summary>
    public byte[] TakeRead() => Take(_read);

    public void Append(ReadOnlySpan<byte> records) => _records.Write(records);

    public void Dispose() => _engine.Dispose();

    private static byte[] Take(ArrayBufferWriter<byte> from)
    {
        byte[] taken = from.WrittenSpan.ToArray();
        from.ResetWrittenCount();
        return taken;
    }
}
