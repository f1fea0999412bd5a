using IgsNetty.FunctionalTests.Clients;
using Xunit;

namespace IgsNetty.FunctionalTests.Hostile;

/// <summary>
/// An honest caller's small messages next to an attack. How long a round trip takes is a matter of the machine. How much an attacker
/// gets done meanwhile is not: a gateway that serves it first lets the caller wait for all of it.
/// </summary>
internal sealed class Honest(TcpCall echo)
{
    private const int Fewest = 200;

    private int _trips;

    public int Trips => Volatile.Read(ref _trips);

    /// <summary>The attack may end.</summary>
    public bool HasEnough => Trips >= Fewest;

    /// <summary>Has round trips until the attack is over.</summary>
    public async Task RoundTripsAsync(Task attack)
    {
        while (!attack.IsCompleted)
        {
            await echo.ExpectEchoAsync(64);
            Interlocked.Increment(ref _trips);
        }

        await attack;
    }

    /// <param name="attacks">What the attacker got done in the same time.</param>
    /// <param name="most">Attacks that the gateway may take for each round trip.</param>
    public void AssertServed(long attacks, int most) =>
        Assert.True(attacks <= (long)Trips * most, $"{Trips} round trips beside {attacks} attacks: more than {most} for each");
}
