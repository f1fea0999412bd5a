using IgsNetty.Endpoints.Forwards;
using IgsNetty.Gateway.Configuration;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Routing;
using Xunit;

namespace IgsNetty.Gateway.Tests.Configuration;

/// <summary>The names of real environment variables. Every other test looks away from the environment, so this one may set it.</summary>
public sealed class EnvironmentTests : IDisposable
{
    private readonly List<string> _set = [];

    [Fact]
    public void Two_underscores_part_the_sections()
    {
        Set("IGSNETTY__Gateway__Name", "from-environment");
        Set("igsnetty__gateway__loops", "7");
        Set("IGSNETTY__FORWARDS__0__NAME", "web");
        Set("IGSNETTY__Forwards__0__Listen", "127.0.0.1:0");
        Set("IGSNETTY__Forwards__0__Target", "a.example:80");
        Set("IGSNETTY__Forwards__0__Protocol", "udp");
        Set("IGSNETTY__Forwards__0__UdpReplyFilter", "any");
        Set("IGSNETTY__PROXY__UDPRESPONSETIMEOUTSECONDS", "0");
        Set("IGSNETTY_Gateway__Name", "one underscore is not ours");
        Set("Gateway__Name", "no prefix is not ours");
        GatewayConfiguration configuration = Loading.Valid(ConfigurationLoader.Load(null, null, []));
        Assert.Equal("from-environment", configuration.Name);
        Assert.Equal(7, configuration.Loops);
        ForwardOptions forward = Assert.Single(configuration.Forwards);
        Assert.Equal(("web", TransportProtocol.Udp, ReplyFilter.Any), (forward.Name, forward.Protocol, forward.Udp.ReplyFilter));
        Assert.Equal(0, configuration.Proxy.Udp.ResponseTimeoutSeconds);
    }

    public void Dispose() => _set.ForEach(name => Environment.SetEnvironmentVariable(name, null));

    private void Set(string name, string value)
    {
        _set.Add(name);
        Environment.SetEnvironmentVariable(name, value);
    }
}
