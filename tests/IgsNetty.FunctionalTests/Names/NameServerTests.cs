using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using IgsNetty.FunctionalTests.Targets;
using IgsNetty.TestKit.Names;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Names;

/// <summary>Gateways whose name server leaves questions unanswered. The table of cases is in IgsNetty.Endpoints.Tests.</summary>
[AboveTransports]
public sealed class NameServerTests : FunctionalTest
{
    // An address of its own: other name servers may use the port on other loopback addresses.
    private readonly NameServer _server = new(new IPEndPoint(new IPAddress([127, 53, (byte)RandomNumberGenerator.GetInt32(256), (byte)RandomNumberGenerator.GetInt32(1, 255)]), 53));

    private readonly string _key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    public NameServerTests(ITestOutputHelper output)
        : base(output) => Own(new Closing(_server));

    [RequiresNameServerTheory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task Names_whose_AAAA_is_never_answered_are_reached_by_calls_datagrams_and_links(RelayMode mode)
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        UdpTarget datagrams = Own(UdpTarget.Echo());
        _server.Set("db.example", DnsAnswer.Of("127.0.0.1"), six: null);
        _server.Set("dns.example", DnsAnswer.Of("127.0.0.1"), six: null);
        _server.Set("site-b.example", DnsAnswer.Of("127.0.0.1"), six: null);
        Relay relay = await StartAsync(mode);

        // A call waits 5 s for a link. Before, the link came up after 41 s.
        using TcpCall call = await OpenAsync(relay, "db.example", echo.EndPoint.Port);
        await call.ExpectEchoAsync(1000);
        using Socks5Udp association = await Socks5Udp.AssociateAsync(relay.Calling.Proxy, Deadline);
        await association.SendAsync(new byte[] { 7 }, "dns.example", datagrams.EndPoint.Port);
        Assert.Equal([7], (await association.ReceiveAsync()).Bytes);
    }

    [RequiresNameServerTheory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task Unanswered_names_of_one_caller_hold_up_no_other_call(RelayMode mode)
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        _server.Set("good.example", DnsAnswer.Of("127.0.0.1"), DnsAnswer.NoData);
        _server.Set("site-b.example", DnsAnswer.Of("127.0.0.1"), DnsAnswer.NoData);
        Relay relay = await StartAsync(mode, "127.0.0.1 hosts.example");
        using (TcpCall first = await OpenAsync(relay, "good.example", echo.EndPoint.Port))
        {
            await first.ExpectEchoAsync(10);
        }

        List<TcpCall> silent = [];
        List<Task<byte>> answers = [];
        for (int i = 0; i < 31; i++)
        {
            silent.Add(await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline));
            await Socks5.GreetAsync(silent[^1]);
            answers.Add(Socks5.AskAsync(silent[^1], Socks5.Request($"n{i}.example", 80)));
        }

        await Eventually.Async(() => _server.Asked.Any(question => question.EndsWith(" n30.example", StringComparison.Ordinal)), () => "all are asked");
        foreach (string name in (string[])["hosts.example", "good.example"])
        {
            using TcpCall call = await OpenAsync(relay, name, echo.EndPoint.Port);
            await call.ExpectEchoAsync(10);
        }

        Assert.DoesNotContain(answers, answer => answer.IsCompleted);
        silent.ForEach(call => call.Dispose());
        await Task.WhenAll(answers).ContinueWith(static _ => { }, TaskScheduler.Default);
    }

    private async Task<TcpCall> OpenAsync(Relay relay, string name, int port)
    {
        TcpCall call = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);
        await Socks5.GreetAsync(call);
        Assert.Equal(Socks5.Succeeded, await Socks5.AskAsync(call, Socks5.Request(name, port)));
        return call;
    }

    private Task<Relay> StartAsync(RelayMode mode, string hosts = "") => StartRelayAsync(new RelayPlan(mode)
    {
        Names = NameFiles.Create(Temp, _server.Address.Address, hosts),
        ChangeCalled = SetKey,
        ChangeCalling = config =>
        {
            SetKey(config);
            if (config["Links"]?["Dial"]?[0] is JsonObject dial)
            {
                dial["Address"] = "site-b.example:" + dial["Address"]!.ToString().Split(':')[^1];
            }
        },
    });

    // Links without security may be dialled at loopback addresses only, and not by a name.
    private void SetKey(JsonObject config)
    {
        if (config["Links"] is JsonObject links)
        {
            links["Security"] = new JsonObject { ["Mode"] = "shared-key", ["Key"] = Temp.WriteSecret("link.key", _key) };
        }
    }

    private sealed class Closing(NameServer server) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            server.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
