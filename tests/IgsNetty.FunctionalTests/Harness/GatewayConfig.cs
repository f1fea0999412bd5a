using System.Net;
using System.Text.Json.Nodes;

namespace IgsNetty.FunctionalTests.Harness;

/// <summary>The configurations that tests start from. Every listener is on loopback and takes a port of the system's choice.</summary>
internal static class GatewayConfig
{
    public const string CallingName = "site-a";
    public const string CalledName = "site-b";
    public const string AnyPort = "127.0.0.1:0";

    /// <summary>How long a dead peer may go unnoticed: idle 1 s, a check, and one more after 1 s without an answer to either.</summary>
    public static TimeSpan QuickKeepAlive { get; } = TimeSpan.FromSeconds(3);

    /// <summary>The gateway that listens for links and opens targets.</summary>
    public static JsonObject Called(RelayPlan plan, IPEndPoint? link = null)
    {
        JsonObject config = new()
        {
            ["Gateway"] = new JsonObject { ["Name"] = CalledName },
            ["Links"] = Links(plan, "Listen", new JsonArray(link?.ToString() ?? AnyPort)),
            ["Allow"] = Allow(plan, CallingName),
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
        if (plan.Quick)
        {
            // The restarted peer may need a while on a busy machine, and the call is to wait for it.
            config["Limits"] = new JsonObject { ["LinkWaitSeconds"] = 30 };
        }

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
    };

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
            links["KeepAlive"] = new JsonObject { ["IdleSeconds"] = 1, ["IntervalSeconds"] = 1, ["Count"] = 1 };
            links["Reconnect"] = new JsonObject { ["InitialSeconds"] = 0.1, ["MaximumSeconds"] = 0.5 };
        }

        return links;
    }

    private static JsonArray Allow(RelayPlan plan, string from) => new([.. plan.Allow.Select(rule => AllowEntry(from, rule))]);
}
