using System.Runtime.InteropServices;
using DotNetty.Buffers;

namespace IgsNetty.Transport.Tls.OpenSsl;

/// <summary>One connection of OpenSSL, which reads and writes the relay's own buffers.</summary>
internal sealed unsafe class OpenSslEngine : ITlsEngine
{
    private readonly ITlsOutput _output;
    private readonly ConnectionHandle _connection;
    private readonly nint _ssl;
    private IByteBuffer? _input;
    private Exception? _failure; // of a callback

    public OpenSslEngine(ContextHandle context, bool dialled, ITlsOutput output)
    {
        _output = output;
        bool isHeld = false;
        context.DangerousAddRef(ref isHeld);
        try
        {
            _ssl = LibSsl.New(context.DangerousGetHandle());
        }
        finally
        {
            context.DangerousRelease();
        }

        if (_ssl == 0)
        {
            throw OpenSslErrors.Take("no TLS connection");
        }

        _connection = new ConnectionHandle(_ssl, this);
        if (dialled)
        {
            LibSsl.SetDialled(_ssl);
        }
        else
        {
            LibSsl.SetAccepted(_ssl);
        }
    }

    public TlsSession? Session { get; private set; }

    public bool Handshake(IByteBuffer input)
    {
        _input = input;
        LibCrypto.ClearErrors();
        int result = LibSsl.Handshake(_ssl);
        int error = result == 1 ? LibSsl.ErrorNone : LibSsl.GetError(_ssl, result);
        _input = null;
        ThrowFailure();
        if (error == LibSsl.ErrorWantRead)
        {
            return false;
        }

        if (error != LibSsl.ErrorNone)
        {
            throw OpenSslErrors.Take("the TLS handshake failed");
        }

        Session = new TlsSession(
            LibSsl.Version(_ssl) == LibSsl.Tls13 ? "TLS 1.3" : "TLS 1.2",
            Marshal.PtrToStringUTF8((nint)LibSsl.CipherName(LibSsl.CurrentCipher(_ssl))) ?? "",
            PeerCertificates());
        return true;
    }

    public int Read(IByteBuffer input, Memory<byte> plaintext)
    {
        _input = input;
        LibCrypto.ClearErrors();
        int count;
        fixed (byte* first = plaintext.Span)
        {
            count = LibSsl.Read(_ssl, first, plaintext.Length);
        }

        _input = null;
        ThrowFailure();
        if (count > 0)
        {
            return count;
        }

        return LibSsl.GetError(_ssl, count) switch
        {
            LibSsl.ErrorWantRead => 0,
            LibSsl.ErrorZeroReturn => TlsRead.End,
            _ => throw OpenSslErrors.Take("TLS failed"),
        };
    }

    public void Write(ReadOnlySpan<byte> plaintext)
    {
        LibCrypto.ClearErrors();
        int count;
        fixed (byte* first = plaintext)
        {
            count = LibSsl.Write(_ssl, first, plaintext.Length);
        }

        ThrowFailure();
        if (count != plaintext.Length)
        {
            throw OpenSslErrors.Take("TLS failed");
        }
    }

    public void Close()
    {
        LibCrypto.ClearErrors();
        _ = LibSsl.Shutdown(_ssl); // 0: close_notify is out, the peer's has not come
        ThrowFailure();
    }

    public void Dispose() => _connection.Dispose();

    /// <summary>For the BIO.</summary>
    /// <returns>Bytes; 0 when there are none now.</returns>
    internal int TakeInput(Span<byte> destination)
    {
        if (_input is not { } input || !input.IsReadable())
        {
            return 0;
        }

        int count = Math.Min(destination.Length, input.ReadableBytes);
        input.ArraySpan(input.ReaderIndex, count).CopyTo(destination);
        input.SetReaderIndex(input.ReaderIndex + count);
        return count;
    }

    /// <summary>For the BIO.</summary>
    internal bool PutOutput(ReadOnlySpan<byte> records)
    {
        try
        {
            _output.Append(records);
            return true;
        }
        catch (Exception e)
        {
            _failure = e; // goes on where managed code called OpenSSL
            return false;
        }
    }

    private void ThrowFailure()
    {
        if (_failure is { } failure)
        {
            _failure = null;
            throw new TlsException($"TLS failed: {failure.Message}", failure);
        }
    }

    private List<byte[]> PeerCertificates()
    {
        nint leaf = LibSsl.TakePeerCertificate(_ssl);
        if (leaf == 0)
        {
            return [];
        }

        List<byte[]> certificates = [Der(leaf)];
        LibCrypto.FreeCertificate(leaf);
        nint chain = LibSsl.PeerChain(_ssl);
        for (int i = 0; chain != 0 && i < LibCrypto.StackCount(chain); i++)
        {
            byte[] der = Der(LibCrypto.StackItem(chain, i));
            if (!der.AsSpan().SequenceEqual(certificates[0])) // a dialler's chain begins with it
            {
                certificates.Add(der);
            }
        }

        return certificates;
    }

    private static byte[] Der(nint certificate)
    {
        byte[] der = new byte[LibCrypto.WriteCertificate(certificate, null)];
        fixed (byte* first = der)
        {
            byte* next = first;
            _ = LibCrypto.WriteCertificate(certificate, &next);
        }

        return der;
    }
}
