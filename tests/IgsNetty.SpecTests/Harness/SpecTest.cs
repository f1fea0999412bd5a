using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.SpecTests.Harness;

/// <summary>
/// Cases of one part of docs/protocol.md. The gateway under test dials in the one half of them and listens in the other, and
/// must serve an honest peer after each.
/// </summary>
public abstract class SpecTest(SharedGateways shared, ITestOutputHelper output) : IClassFixture<SharedGateways>
{
    private protected SharedGateways Shared => shared;

    /// <summary>A row for each case and role of the gateway.</summary>
    private protected static TheoryData<string, bool> Rows(IEnumerable<SpecCase> cases)
    {
        TheoryData<string, bool> rows = [];
        foreach (SpecCase one in cases)
        {
            foreach (bool dials in (bool[])[false, true])
            {
                if (one.Dialled is null || one.Dialled == dials)
                {
                    rows.Add(one.Name, dials);
                }
            }
        }

        return rows;
    }

    private protected Task RunAsync(IEnumerable<SpecCase> cases, string name, bool gatewayDials)
    {
        SpecCase one = cases.Single(candidate => candidate.Name == name);
        return one.FromHandshake
            ? OnConnectionAsync(gatewayDials, around => TryAsync(one, around, 0))
            : OnLinkAsync(gatewayDials, async around => await TryAsync(one, around, await around.BringAsync(one.Situation)));
    }

    /// <summary>Runs a case on a link that stands.</summary>
    private protected Task OnLinkAsync(bool gatewayDials, Func<Surroundings, Task> test) =>
        OnAsync(shared.StartAsync(), gateway => SpecLink.EstablishAsync(gateway, gatewayDials), test);

    /// <summary>Runs a case on a connection on which nothing has been said.</summary>
    private protected Task OnConnectionAsync(bool gatewayDials, Func<Surroundings, Task> test) =>
        OnAsync(shared.StartAsync(), gateway => SpecLink.ConnectAsync(gateway, gatewayDials), test);

    private protected async Task OnAsync(
        Task<(SpecGateway Gateway, HonestPeer Honest)> starting, Func<SpecGateway, Task<SpecLink>> connect, Func<Surroundings, Task> test)
    {
        (SpecGateway gateway, HonestPeer honest) = await starting;
        try
        {
            await using (Surroundings around = new(gateway, await connect(gateway)))
            {
                await test(around);
            }

            await honest.GoesOnAsync();
        }
        catch
        {
            output.WriteLine(gateway.Log);
            throw;
        }
    }

    private static async Task TryAsync(SpecCase one, Surroundings around, uint id)
    {
        if (one.FromHandshake && around.Link.GatewayDialled)
        {
            await around.Link.ReadHelloAsync();
        }

        await around.Link.SendAsync(one.Send(around, id));
        if (one.Ends)
        {
            around.Link.SendEnd();
        }

        if (one.FromHandshake && !around.Link.GatewayDialled && one.Answer == Answer.Nothing)
        {
            await around.Link.ReadHelloAsync();
        }

        await one.Answer.CheckAsync(around.Link);
    }
}
