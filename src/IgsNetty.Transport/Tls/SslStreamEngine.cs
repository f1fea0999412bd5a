using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using DotNetty.Buffers;

namespace IgsNetty.Transport.Tls;

/// <summary>
/// <see cref="SslStream"/> over memory. Its asynchronous calls run to their end, or to their next wait for input, inside the calls
/// of this class: nothing of it runs on another thread.
/// </summary>
internal sealed class SslStreamEngine : ITlsEngine
{
    private readonly EngineStream _stream;
    private readonly SslStream _ssl;
    private readonly SslClientAuthenticationOptions? _client;
    private readonly SslServerAuthenticationOptions _server;
    private readonly PointerMemory _plaintext = new();
    private List<byte[]> _shown = [];
    private Task? _handshake;
    private ValueTask<int> _readable; // a read of no bytes: over when there is something to read
    private bool _isAsked;
    private bool _isEnded;

    public SslStreamEngine(ITlsOutput output, SslClientAuthenticationOptions? client, SslServerAuthenticationOptions server)
    {
        _stream = new EngineStream(output);
        _client = client;
        _server = server;

        // No certificate is refused here: what a refusal would tell the peer depends on the system. TlsEstablished's taker judges.
        _ssl = new SslStream(_stream, leaveInnerStreamOpen: false, Note, null);
    }

    public TlsSession? Session { get; private set; }

    public bool Handshake(IByteBuffer input)
    {
        try
        {
            // What awaits a Task goes on at once, and here, only where no scheduler and no context is in charge; loops have a scheduler.
            Task step = new(() => GoOn(input));
            step.RunSynchronously(TaskScheduler.Default);
            step.GetAwaiter().GetResult();
            if (!IsOver(_handshake!.IsCompleted))
            {
                return false;
            }

            _handshake.GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is AuthenticationException or IOException or InvalidOperationException)
        {
            throw TlsFailure.InHandshake(e);
        }
        finally
        {
            _stream.Forget();
        }

        Session = new TlsSession(
            _ssl.SslProtocol == SslProtocols.Tls13 ? "TLS 1.3" : "TLS 1.2", _ssl.NegotiatedCipherSuite.ToString(), _shown);
        _shown = [];
        return true;
    }

    public int Read(IByteBuffer input, Memory<byte> plaintext)
    {
        if (_isEnded)
        {
            input.SkipBytes(input.ReadableBytes);
            return 0;
        }

        _stream.Feed(input);
        try
        {
            if (!_isAsked)
            {
#pragma warning disable CA2012 // looked at until it is over, and consumed once, below
                _readable = _ssl.ReadAsync(Memory<byte>.Empty);
#pragma warning restore CA2012
                _isAsked = true;
            }

            if (!IsOver(_readable.IsCompleted))
            {
                return 0;
            }

            _isAsked = false;
            _readable.GetAwaiter().GetResult();
            ValueTask<int> reading = _ssl.ReadAsync(plaintext);
            int count = reading.IsCompleted ? reading.GetAwaiter().GetResult() : throw new InvalidOperationException("SslStream waits for what it has");
            _isEnded = count == 0;
            return _isEnded ? TlsRead.End : count;
        }
        catch (Exception e) when (e is IOException or AuthenticationException or InvalidOperationException)
        {
            throw TlsFailure.InRecord(e);
        }
        finally
        {
            _stream.Forget();
        }
    }

    public unsafe void Write(ReadOnlySpan<byte> plaintext)
    {
        fixed (byte* first = plaintext)
        {
            Finish(_ssl.WriteAsync(_plaintext.Of(first, plaintext.Length)));
        }
    }

    public void Close() => Finish(new ValueTask(_ssl.ShutdownAsync()));

    public void Dispose()
    {
        _ssl.Dispose();
        ((IDisposable)_plaintext).Dispose();
    }

    private void GoOn(IByteBuffer input)
    {
        SynchronizationContext? context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            _stream.Feed(input);
            _handshake ??= _client is not null ? _ssl.AuthenticateAsClientAsync(_client) : _ssl.AuthenticateAsServerAsync(_server);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    // Writes never wait: the output takes everything.
    private static void Finish(ValueTask done)
    {
        try
        {
            if (!done.IsCompleted)
            {
                throw new InvalidOperationException("SslStream does not finish what does not wait");
            }

            done.GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is IOException or AuthenticationException or InvalidOperationException)
        {
            throw TlsFailure.InRecord(e);
        }
    }

    // What is not over waits for input. Anything else would mean that it runs somewhere else, at the same time as we do.
    private bool IsOver(bool isCompleted) =>
        isCompleted || (!_stream.IsWaiting ? throw new InvalidOperationException("SslStream has left the loop's thread") : false);

    private bool Note(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not null)
        {
            _shown = [certificate.GetRawCertData(), .. (chain?.ChainPolicy.ExtraStore ?? []).Select(extra => extra.RawData)];
        }

        return true;
    }
}
