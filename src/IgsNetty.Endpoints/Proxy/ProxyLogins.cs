using System.Net;
using IgsNetty.Endpoints.Trust;

namespace IgsNetty.Endpoints.Proxy;

/// <summary>
/// Checks what callers of the proxy port give as user and password: what needs PBKDF2 off the event loops, one at a time for
/// each address, and on half of the cores at the most. Thread-safe.
/// </summary>
/// <param name="users">Who may.</param>
/// <param name="throttle">Addresses that have failed.</param>
/// <param name="compute">Does what takes long, off the event loops; null: on threads of its own.</param>
internal sealed class ProxyLogins(ProxyUsers users, LoginThrottle throttle, Func<Func<bool>, Task<bool>>? compute = null)
{
    private static readonly int Cores = Math.Max(1, Environment.ProcessorCount / 2);

    private readonly Func<Func<bool>, Task<bool>> _compute = compute ?? new WorkThreads("igsnetty logins", Cores).RunAsync;
    private readonly SemaphoreSlim _cores = new(Cores);
    private readonly Dictionary<IPAddress, Turn> _turns = []; // also the lock

    public ProxyUsers Users => users;

    /// <summary>What can be said at once, on an event loop.</summary>
    /// <param name="address">The caller's, of <see cref="ClientKey.Of"/>.</param>
    /// <param name="login">What it gave.</param>
    /// <returns>Null: ask <see cref="CheckAsync"/>.</returns>
    public LoginVerdict? CheckAtOnce(IPAddress address, Login login) =>
        throttle.IsBlocked(address) ? LoginVerdict.NotHeard : Judge(address, users.CheckAtOnce(login));

    /// <summary>Checks with all it takes. Those of one address wait for each other: what the first one learns spares the next the work, and its failures count for them.</summary>
    /// <param name="address">As above.</param>
    /// <param name="login">As above.</param>
    /// <param name="isWanted">Does the caller still wait? On any thread.</param>
    public async Task<LoginVerdict> CheckAsync(IPAddress address, Login login, Func<bool> isWanted)
    {
        Turn turn = Enter(address);
        await turn.Gate.WaitAsync().ConfigureAwait(false);
        try
        {
            if (!isWanted())
            {
                return LoginVerdict.NotHeard;
            }

            if (CheckAtOnce(address, login) is { } known)
            {
                return known;
            }

            await _cores.WaitAsync().ConfigureAwait(false);
            try
            {
                return Judge(address, await _compute(() => users.Check(login)).ConfigureAwait(false))!.Value;
            }
            finally
            {
                _cores.Release();
            }
        }
        finally
        {
            turn.Gate.Release();
            Leave(address, turn);
        }
    }

    private LoginVerdict? Judge(IPAddress address, bool? isRight)
    {
        if (isRight == false)
        {
            throttle.OnFailure(address);
        }

        return isRight switch
        {
            true => LoginVerdict.Right,
            false => LoginVerdict.Wrong,
            null => null,
        };
    }

    private Turn Enter(IPAddress address)
    {
        lock (_turns)
        {
            if (!_turns.TryGetValue(address, out Turn? turn))
            {
                _turns.Add(address, turn = new Turn());
            }

            turn.Users++;
            return turn;
        }
    }

    private void Leave(IPAddress address, Turn turn)
    {
        lock (_turns)
        {
            if (--turn.Users == 0)
            {
                _turns.Remove(address);
            }
        }
    }

    private sealed class Turn
    {
        public SemaphoreSlim Gate { get; } = new(1);

        public int Users { get; set; }
    }
}
