namespace IgsNetty.Transport.Tls;

/// <summary>
/// Walks over the headers of the records that come (RFC 8446 §5.1): how much of an unfinished one has come already, and whether it
/// is TLS at all.
/// </summary>
internal struct RecordMeter
{
    private const int HeaderBytes = 5;
    private const int FirstContentType = 20;
    private const int LastContentType = 24;
    private const int MajorVersion = 3;
    private const int MostPayload = 16384 + 2048;

    private ulong _header; // as many of its bytes as have come, the first one highest
    private int _headerCount;
    private int _left;

    /// <summary>Bytes of a record whose end has not come.</summary>
    public int Unfinished { get; private set; }

    /// <exception cref="TlsException">The bytes are no records.</exception>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int take;
            if (_headerCount < HeaderBytes)
            {
                take = 1;
                _header = (_header << 8) | bytes[0];
                Check(bytes[0], _headerCount++);
                _left = _headerCount == HeaderBytes ? Length() : 0;
            }
            else
            {
                take = Math.Min(_left, bytes.Length);
                _left -= take;
            }

            bytes = bytes[take..];
            Unfinished += take;
            if (_headerCount == HeaderBytes && _left == 0)
            {
                _header = 0;
                _headerCount = 0;
                Unfinished = 0;
            }
        }
    }

    private static void Check(byte value, int position)
    {
        if ((position == 0 && value is < FirstContentType or > LastContentType) || (position == 1 && value != MajorVersion))
        {
            throw new TlsException("what comes is not TLS: set Links:Security:Mode to tls at both ends");
        }
    }

    private readonly int Length()
    {
        int length = (int)(_header & 0xFFFF);
        return length <= MostPayload ? length : throw new TlsException($"a TLS record of {length} bytes, which is more than there may be");
    }
}
