using System.Net;
using System.Text.Json.Nodes;
using IgsNetty.Perf.Ports;

namespace IgsNetty.FunctionalTests.Harness;

/// <summary>The configurations that tests start from. Every listener is on loopback and takes a port of the system's choice.</summary>
internal static class GatewayConfig
{
    public const string CallingName = "site-a";
    public const string CalledName = "site-b";
    public const string AnyPort = "127.0.0.1:0";

    /// <summary>The gateway that listens for links and opens targets.</summary>
    public static JsonObject Called(RelayPlan plan, IPEndPoint? link = null)
    {
        JsonObject config = new()
        {
            ["Gateway"] = new JsonObject { ["Name"] = CalledName },
            ["Links"] = Links(plan, "Listen", new JsonArray(link?.ToString() ?? LinkPort(plan))),
            ["Allow"] = Allow(plan, CallingName),
            ["Limits"] = Patience(),
        };
        plan.ChangeCalled?.Invoke(config);
        return config;
    }

    /// <summary>The gateway that callers talk to and that dials the link.</summary>
    public static JsonObject Calling(RelayPlan plan, IPEndPoint link)
    {
        JsonObject dial = new() { ["Peer"] = CalledName, ["Address"] = link.ToString(), ["Connections"] = plan.Connections };
        JsonObject config = Callers(plan, CallingName, CalledName);
        config["Links"] = Links(plan, "Dial", new JsonArray(dial));
        plan.ChangeCalling?.Invoke(config);
        return config;
    }

    /// <summary>The gateway that does both halves.</summary>
    public static JsonObject Single(RelayPlan plan)
    {
        JsonObject config = Callers(plan, "single", "direct");
        config["Allow"] = Allow(plan, "local");
        plan.ChangeCalling?.Invoke(config);
        plan.ChangeCalled?.Invoke(config);
        return config;
    }

    public static string ForwardName(IPEndPoint target) => $"to-{target.Port}";

    public static string UdpForwardName(IPEndPoint target) => $"udp-{target.Port}";

    public static JsonObject Forward(string name, IPEndPoint target, string via) => new()
    {
        ["Name"] = name,
        ["Protocol"] = "tcp",
        ["Listen"] = AnyPort,
        ["Target"] = target.ToString(),
        ["Via"] = via,
    };

    public static JsonObject AllowEntry(string from, AllowRule rule) => new()
    {
        ["From"] = from,
        ["Protocol"] = rule.Protocol,
        ["Destination"] = rule.Destination,
        ["Ports"] = rule.Ports,
    };

    // One that is started again listens where its peer dials. Meanwhile no connection of another test may get that port.
    private static string LinkPort(RelayPlan plan) => plan.Quick ? $"127.0.0.1:{ForeignPorts.Take()}" : AnyPort;

    private static JsonObject Callers(RelayPlan plan, string name, string via) => new()
    {
        ["Gateway"] = new JsonObject { ["Name"] = name },
        ["Proxy"] = WithUdp(new JsonObject { ["Enabled"] = true, ["Listen"] = AnyPort }, plan.UdpTimeout, plan.UdpFilter),
        ["Forwards"] = new JsonArray(
        [
            .. plan.Forwards.Select(target => Forward(ForwardName(target), target, via)),
            .. plan.UdpForwards.Select(forward => UdpForward(plan, forward, via)),
        ]),
        ["Routes"] = new JsonArray(new JsonObject { ["Destination"] = "*", ["Via"] = via }),
        ["Limits"] = Patience(),
    };

    // A busy machine may take long for what the program expects soon. A test of a time limit sets that limit.
    private static JsonObject Patience() => new() { ["HandshakeSeconds"] = 120, ["ConnectSeconds"] = 60, ["LinkWaitSeconds"] = 60 };

    private static JsonObject UdpForward(RelayPlan plan, UdpForward forward, string via)
    {
        JsonObject config = new()
        {
            ["Name"] = UdpForwardName(forward.Target),
            ["Protocol"] = "udp",
            ["Listen"] = AnyPort,
            ["Target"] = forward.Host is null ? forward.Target.ToString() : $"{forward.Host}:{forward.Target.Port}",
            ["Via"] = via,
        };
        return WithUdp(config, forward.Timeout ?? plan.UdpTimeout, forward.Filter ?? plan.UdpFilter);
    }

    // What is not set stays at the program's default.
    private static JsonObject WithUdp(JsonObject config, int? timeout, string? filter)
    {
        if (timeout is not null)
        {
            config["UdpResponseTimeoutSeconds"] = timeout;
        }

        if (filter is not null)
        {
            config["UdpReplyFilter"] = filter;
        }

        return config;
    }

    private static JsonObject Links(RelayPlan plan, string role, JsonArray ends)
    {
        JsonObject links = new() { [role] = ends, ["Security"] = new JsonObject { ["Mode"] = "none" } };
        if (plan.Quick)
        {
            // A dead peer is noticed within three seconds: idle, a check, and one more without an answer to either.
            links["KeepAlive"] = new JsonObject { ["IdleSeconds"] = 1, ["IntervalSeconds"] = 1, ["Count"] = 1 };
            links["Reconnect"] = new JsonObject { ["InitialSeconds"] = 0.1, ["MaximumSeconds"] = 0.5 };
        }

        return links;
    }

    private static JsonArray Allow(RelayPlan plan, string from) => new([.. plan.Allow.Select(rule => AllowEntry(from, rule))]);
}
