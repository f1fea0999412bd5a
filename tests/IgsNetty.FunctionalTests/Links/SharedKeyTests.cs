using System.Text.Json.Nodes;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Links;

[AboveTransports]
public sealed class SharedKeyTests(ITestOutputHelper output) : FunctionalTest(output)
{
    private const string RightKey = "correct horse battery staple";
    private const string WrongKey = "Correct horse battery staple";

    [Fact]
    public async Task Gateways_with_one_key_are_linked()
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await StartAsync(RightKey, RightKey, echo);

        using TcpCall call = await relay.CallAsync(Entry.Forward, echo.EndPoint, Deadline);
        await call.ExpectEchoAsync(100_000);
    }

    [Fact]
    public async Task Gateways_with_two_keys_are_not_linked_and_both_say_why()
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await StartAsync(RightKey, WrongKey, echo);

        await ExpectNoLinkAsync(relay, echo);

        await relay.Calling.WaitForProblemAsync("shared key");
        await relay.Called.WaitForProblemAsync("shared key");
        Assert.DoesNotContain("horse", relay.Calling.Log + relay.Called.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_that_wants_a_key_is_not_linked_to_one_that_has_none()
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await StartRelayAsync(new RelayPlan(RelayMode.TwoGateways)
        {
            Forwards = [echo.EndPoint],
            ChangeCalled = config => SetKey(config, "called.key", RightKey),
            ChangeCalling = DoNotWait,
        });

        await ExpectNoLinkAsync(relay, echo);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_peer_of_another_name_than_dialled_is_refused(bool withKey)
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await StartRelayAsync(new RelayPlan(RelayMode.TwoGateways)
        {
            Forwards = [echo.EndPoint],
            ChangeCalled = config =>
            {
                config["Gateway"]!["Name"] = "site-x";
                SetKey(config, "called.key", withKey ? RightKey : null);
            },
            ChangeCalling = config =>
            {
                SetKey(config, "calling.key", withKey ? RightKey : null);
                DoNotWait(config);
            },
        });

        await ExpectNoLinkAsync(relay, echo);

        await relay.Calling.WaitForProblemAsync("site-x");
    }

    // Only where no link is expected: one that is may take long on a busy machine.
    private static void DoNotWait(JsonObject config) => config["Limits"]!["LinkWaitSeconds"] = 1;

    private Task<Relay> StartAsync(string callingKey, string calledKey, TcpTarget<long> target) =>
        StartRelayAsync(new RelayPlan(RelayMode.TwoGateways)
        {
            Forwards = [target.EndPoint],
            ChangeCalled = config => SetKey(config, "called.key", calledKey),
            ChangeCalling = config =>
            {
                SetKey(config, "calling.key", callingKey);
                if (callingKey != calledKey)
                {
                    DoNotWait(config);
                }
            },
        });

    private void SetKey(JsonObject config, string file, string? key)
    {
        if (key is not null)
        {
            config["Links"]!["Security"] = new JsonObject { ["Mode"] = "shared-key", ["Key"] = Temp.WriteSecret(file, key) };
        }
    }

    private async Task ExpectNoLinkAsync(Relay relay, TcpTarget<long> echo)
    {
        using TcpCall call = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);
        Task<int> answer = HttpConnect.AskAsync(call, HttpConnect.Request(echo.EndPoint.ToString()));
        using TcpCall forwarded = await TcpCall.ConnectAsync(relay.ForwardTo(echo.EndPoint), Deadline);
        Assert.Equal(StreamEnd.Reset, (await forwarded.ReceiveAllAsync()).End);
        Assert.Equal(503, await answer);
        Assert.Equal(0, echo.Accepted);
    }
}
