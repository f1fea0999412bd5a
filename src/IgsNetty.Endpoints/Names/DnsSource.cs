using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using IgsNetty.Relay.Targets;
using IgsNetty.Transport.Names;

namespace IgsNetty.Endpoints.Names;

/// <summary>Asks the name servers of one <see cref="DnsSettings"/>. Thread-safe; no thread waits for an answer.</summary>
/// <param name="settings">The servers, and how to ask them.</param>
/// <param name="time">The clock of timeouts.</param>
internal sealed class DnsSource(DnsSettings settings, TimeProvider time) : INameSource
{
    private int _rotation = -1;

    /// <inheritdoc/>
    public IReadOnlyList<string> Candidates(string host)
    {
        IEnumerable<string> searched = settings.Search.Select(domain => $"{host}.{domain}");
        bool isPlainFirst = host.Count(c => c == '.') >= settings.Dots;
        return [.. isPlainFirst ? searched.Prepend(host) : searched.Append(host)];
    }

    /// <inheritdoc/>
    public async Task<FamilyAnswer> AskAsync(string name, AddressFamily family, CancellationToken cancellation)
    {
        DnsRecordType type = family == AddressFamily.InterNetwork ? DnsRecordType.A : DnsRecordType.Aaaa;
        int count = settings.Servers.Count;
        int first = settings.Rotate ? (int)((uint)Interlocked.Increment(ref _rotation) % (uint)count) : 0;
        FamilyAnswer last = FamilyAnswer.Failed;
        for (int attempt = 0; attempt < settings.Attempts; attempt++)
        {
            for (int i = 0; i < count; i++)
            {
                if (DnsQuery.TryCreate((ushort)RandomNumberGenerator.GetInt32(0x10000), name, type) is not { } query)
                {
                    return FamilyAnswer.None;
                }

                last = await AskServerAsync(settings.Servers[(first + i) % count], query, cancellation).ConfigureAwait(false);
                if (last.Status != NameStatus.Failed)
                {
                    return last;
                }
            }
        }

        return last;
    }

    private async Task<FamilyAnswer> AskServerAsync(IPEndPoint server, DnsQuery query, CancellationToken cancellation)
    {
        using CancellationTokenSource clock = new(settings.Timeout, time);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellation);
        try
        {
            return Judge(await ExchangeAsync(server, query, limit.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return FamilyAnswer.Failed;
        }
        catch (SocketException e)
        {
            bool isFull = e.SocketErrorCode is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable;
            return isFull ? FamilyAnswer.Busy : FamilyAnswer.Failed;
        }
    }

    private async Task<DnsReply?> ExchangeAsync(IPEndPoint server, DnsQuery query, CancellationToken cancellation)
    {
        if (settings.UseTcp)
        {
            return await AskStreamAsync(server, query, cancellation).ConfigureAwait(false);
        }

        byte[] answer = await DnsExchange
            .AskDatagramAsync(server, query.Bytes, message => query.IsAnsweredBy(message.Span), cancellation).ConfigureAwait(false);
        DnsReply? reply = DnsReplyReader.Read(answer, query);
        if (reply is not { IsTruncated: true })
        {
            return reply;
        }

        try
        {
            return await AskStreamAsync(server, query, cancellation).ConfigureAwait(false) ?? reply;
        }
        catch (SocketException) when (reply.Addresses.Count > 0)
        {
            return reply; // the server has no TCP: the addresses that came are better than none
        }
    }

    private static async Task<DnsReply?> AskStreamAsync(IPEndPoint server, DnsQuery query, CancellationToken cancellation)
    {
        byte[]? answer = await DnsExchange.AskStreamAsync(server, query.Bytes, cancellation).ConfigureAwait(false);
        return answer is not null && query.IsAnsweredBy(answer) ? DnsReplyReader.Read(answer, query) : null;
    }

    // What a server cannot or will not answer, another one may.
    private static FamilyAnswer Judge(DnsReply? reply) => reply switch
    {
        { Code: DnsReplyCode.NoError } => FamilyAnswer.Of(reply.Addresses),
        { Code: DnsReplyCode.NameError } => FamilyAnswer.Denied,
        _ => FamilyAnswer.Failed,
    };
}
