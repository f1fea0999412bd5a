using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Targets;
using Xunit.Sdk;

namespace IgsNetty.FunctionalTests.Clients;

/// <summary>Round trips with an echo target.</summary>
internal static class UdpEcho
{
    /// <summary>Sends so many bytes of payload and expects them back as one datagram.</summary>
    public static async Task ExpectEchoAsync(this IUdpCaller caller, int length)
    {
        ReadOnlyMemory<byte> sent = Payload.First(length);
        await caller.SendAsync(sent);
        byte[] back = await caller.ReceiveAsync();
        if (!sent.Span.SequenceEqual(back))
        {
            throw new XunitException($"A datagram of {length} bytes came back as another one of {back.Length}");
        }
    }

    /// <summary>
    /// Sends until one comes back: for a path that may lose datagrams at first, as every application of UDP has to expect.
    /// </summary>
    public static async Task ExpectEchoInTheEndAsync(this IUdpCaller caller)
    {
        byte[] sent = Guid.NewGuid().ToByteArray();
        using CancellationTokenSource limit = new(HangGuard.Event);
        while (!limit.IsCancellationRequested)
        {
            await caller.SendAsync(sent);
            if (await caller.TryReceiveAsync(TimeSpan.FromMilliseconds(100)) is { } back && back.AsSpan().SequenceEqual(sent))
            {
                return;
            }
        }

        throw new XunitException($"No echo within {HangGuard.Event.TotalSeconds} s");
    }
}
