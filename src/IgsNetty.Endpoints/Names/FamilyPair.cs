using System.Net;
using System.Net.Sockets;
using IgsNetty.Relay.Targets;

namespace IgsNetty.Endpoints.Names;

/// <summary>
/// Asks for both families of one name at once, each by itself, and does not let a silent one hold up the other (RFC 8305 §3).
/// </summary>
internal sealed class FamilyPair
{
    /// <summary>How long addresses of one family wait for the other family.</summary>
    internal static readonly TimeSpan ResolutionDelay = TimeSpan.FromMilliseconds(50);

    /// <summary>How long "no such name" for AAAA waits for A: some servers say so where a name has no AAAA only (RFC 4074 §4.2).</summary>
    internal static readonly TimeSpan DenialDelay = TimeSpan.FromMilliseconds(500);

    private const int MaxAddresses = 64;

    private readonly Task<FamilyAnswer> _six;
    private readonly Task<FamilyAnswer> _four;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop;

    private FamilyPair(INameSource source, string name, TimeProvider time, CancellationToken cancellation)
    {
        _time = time;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _six = source.AskAsync(name, AddressFamily.InterNetworkV6, _stop.Token);
        _four = source.AskAsync(name, AddressFamily.InterNetwork, _stop.Token);
    }

    /// <summary>Completes when both questions have ended. Does not fail.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>Asks both questions.</summary>
    public static FamilyPair Ask(INameSource source, string name, TimeProvider time, CancellationToken cancellation)
    {
        FamilyPair pair = new(source, name, time, cancellation);
        pair.Ended = pair.EndAsync();
        return pair;
    }

    /// <summary>The answer, as soon as it is good enough.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<NameAnswer> AnswerAsync()
    {
        Task<FamilyAnswer> first = await Task.WhenAny(_six, _four).ConfigureAwait(false);
        Task<FamilyAnswer> second = first == _six ? _four : _six;
        FamilyAnswer one = await first.ConfigureAwait(false);
        if (DelayAfter(one, first == _six) is { } delay && !second.IsCompleted)
        {
            await Task.WhenAny(second, Task.Delay(delay, _time, _stop.Token)).ConfigureAwait(false);
            _stop.Token.ThrowIfCancellationRequested();
            if (!second.IsCompleted)
            {
                return one.Status == NameStatus.Found ? Found(one.Addresses) with { Late = LateAsync(second) } : NameAnswer.Without(one.Status);
            }
        }

        FamilyAnswer other = await second.ConfigureAwait(false);
        IPAddress[] addresses = [.. one.Addresses, .. other.Addresses];
        return addresses.Length > 0 ? Found(addresses) : NameAnswer.Without((NameStatus)Math.Max((int)one.Status, (int)other.Status));
    }

    /// <summary>Ends what is still asked.</summary>
    public void Stop() => _stop.Cancel();

    private static TimeSpan? DelayAfter(FamilyAnswer answer, bool isSix) =>
        answer.Status == NameStatus.Found ? ResolutionDelay : !answer.IsDenied ? null : isSix ? DenialDelay : ResolutionDelay;

    private static NameAnswer Found(IEnumerable<IPAddress> addresses) => NameAnswer.Found([.. AddressOrder.Arrange(addresses).Take(MaxAddresses)]);

    private static async Task<IReadOnlyList<IPAddress>> LateAsync(Task<FamilyAnswer> late)
    {
        await ((Task)late).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return late.IsCompletedSuccessfully ? [.. AddressOrder.Arrange(late.Result.Addresses).Take(MaxAddresses)] : [];
    }

    private async Task EndAsync() => await ((Task)Task.WhenAll(_six, _four)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
