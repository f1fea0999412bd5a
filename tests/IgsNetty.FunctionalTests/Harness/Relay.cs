using System.Net;
using IgsNetty.FunctionalTests.Clients;

namespace IgsNetty.FunctionalTests.Harness;

/// <summary>
/// One or two running gateways between a client and a server. A test written against it holds for both modes: in single
/// server mode the calling and the called side are one process.
/// </summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly RelayPlan _plan;
    private readonly TempDirectory _directory;
    private readonly List<GatewayProcess> _started = [];

    private Relay(RelayPlan plan, TempDirectory directory, GatewayProcess called)
    {
        _plan = plan;
        _directory = directory;
        Called = called;
        Calling = called;
        _started.Add(called);
    }

    /// <summary>The gateway that clients talk to.</summary>
    public GatewayProcess Calling { get; private set; }

    /// <summary>The gateway that opens connections to servers.</summary>
    public GatewayProcess Called { get; private set; }

    /// <summary>The gateways that run now.</summary>
    public IReadOnlyList<GatewayProcess> Gateways => ReferenceEquals(Calling, Called) ? [Called] : [Calling, Called];

    public static async Task<Relay> StartAsync(RelayPlan plan, TempDirectory directory)
    {
        if (plan.Mode == RelayMode.OneGateway)
        {
            return new Relay(plan, directory, await GatewayProcess.StartAsync("single", GatewayConfig.Single(plan), directory, plan.Names));
        }

        GatewayProcess called = await GatewayProcess.StartAsync(GatewayConfig.CalledName, GatewayConfig.Called(plan), directory, plan.Names);
        Relay relay = new(plan, directory, called);
        try
        {
            await relay.StartCallingAsync();
            return relay;
        }
        catch
        {
            await relay.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts another calling-side gateway, with other ports for its callers, in place of one that was stopped.</summary>
    public async Task StartCallingAsync()
    {
        Calling = await GatewayProcess.StartAsync(GatewayConfig.CallingName, GatewayConfig.Calling(_plan, Called.Link), _directory, _plan.Names);
        _started.Add(Calling);
    }

    /// <summary>Starts the called-side gateway again after it was stopped, on its old link port, where its peer dials.</summary>
    public async Task StartCalledAsync()
    {
        Called = await GatewayProcess.StartAsync(GatewayConfig.CalledName, GatewayConfig.Called(_plan, Called.Link), _directory, _plan.Names);
        _started.Add(Called);
    }

    public IPEndPoint ForwardTo(IPEndPoint target) => Calling.Ready["forward." + GatewayConfig.ForwardName(target)];

    public IPEndPoint UdpForwardTo(IPEndPoint target) => Calling.Ready["forward." + GatewayConfig.UdpForwardName(target)];

    /// <summary>Waits until all links of the plan are up; at once in single server mode.</summary>
    public async Task WaitForLinksAsync()
    {
        const string Up = "Link to " + GatewayConfig.CalledName + " is up";
        if (_plan.Mode == RelayMode.TwoGateways)
        {
            await Eventually.Async(
                () => Calling.Log.Split(Up).Length > _plan.Connections,
                () => $"{_plan.Connections} links are up");
        }
    }

    /// <summary>A UDP socket of a client that reaches the target by way of the gateways.</summary>
    public async Task<IUdpCaller> OpenUdpAsync(Entry entry, IPEndPoint target, CancellationToken deadline) => entry switch
    {
        Entry.Forward => new ForwardCaller(new UdpPort(deadline), UdpForwardTo(target)),
        Entry.Socks5 => new Socks5Caller(await Socks5Udp.AssociateAsync(Calling.Proxy, deadline), target),
        _ => throw new ArgumentOutOfRangeException(nameof(entry), entry, "carries no datagrams"),
    };

    /// <summary>A connection to the target by way of the gateways, ready for its bytes.</summary>
    public async Task<TcpCall> CallAsync(Entry entry, IPEndPoint target, CancellationToken deadline, int receiveBuffer = 0)
    {
        IPEndPoint address = entry == Entry.Forward ? ForwardTo(target) : Calling.Proxy;
        TcpCall call = await TcpCall.ConnectAsync(address, deadline, receiveBuffer);
        try
        {
            switch (entry)
            {
                case Entry.Socks5:
                    await Socks5.OpenAsync(call, target);
                    break;
                case Entry.HttpConnect:
                    await HttpConnect.OpenAsync(call, target);
                    break;
            }

            return call;
        }
        catch
        {
            call.Dispose();
            throw;
        }
    }

    /// <summary>What every gateway that was started here has logged.</summary>
    public string Describe() => string.Join('\n', _started.Select(gateway => gateway.Describe()));

    public async ValueTask DisposeAsync()
    {
        foreach (GatewayProcess gateway in _started)
        {
            await gateway.DisposeAsync();
        }
    }
}
