using Xunit;

namespace IgsNetty.ArchitectureTests;

/// <summary>docs/architecture.md: references point one way.</summary>
public sealed class ReferenceTests
{
    private const string Gateway = "igsnetty";

    /// <summary>What each project may use of the others.</summary>
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["IgsNetty.Protocol"] = [],
        ["IgsNetty.Transport"] = [],
        ["IgsNetty.Transport.Epoll"] = ["IgsNetty.Transport"],
        ["IgsNetty.Relay"] = ["IgsNetty.Protocol", "IgsNetty.Transport"],
        ["IgsNetty.Endpoints"] = ["IgsNetty.Protocol", "IgsNetty.Relay", "IgsNetty.Transport"],
        [Gateway] = ["IgsNetty.Endpoints", "IgsNetty.Protocol", "IgsNetty.Relay", "IgsNetty.Transport", "IgsNetty.Transport.Epoll"],
    };

    public static TheoryData<string> Names => [.. Product.Names];

    [Fact]
    public void Every_project_has_its_place()
    {
        Assert.True(Product.Names.Count >= 5, string.Join(' ', Product.Names));
        Assert.All(Product.Names, name => Assert.Contains(name, MayUse.Keys));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Point_one_way(string name)
    {
        string[] used = [.. Product.References(name).Where(MayUse.ContainsKey)];
        Assert.All(used, other => Assert.Contains(other, MayUse[name]));
    }

    [Fact]
    public void The_protocol_needs_nothing_but_buffers()
    {
        string[] foreign = [.. Product.References("IgsNetty.Protocol").Where(name => !name.StartsWith("System.", StringComparison.Ordinal))];
        Assert.All(foreign, name => Assert.Contains(name, new[] { "DotNetty.Buffers", "DotNetty.Common" }));
    }

    [Theory]
    [InlineData("System.Net.Sockets.Socket")]
    [InlineData("System.Net.Dns")]
    [InlineData("System.IO.")]
    [InlineData("System.Threading.")]
    [InlineData("System.Diagnostics.Stopwatch")]
    [InlineData("System.DateTime")]
    [InlineData("System.TimeProvider")]
    [InlineData("System.Environment")]
    [InlineData("System.Random")]
    [InlineData("System.Console")]
    public void The_protocol_knows_no_IO_threads_clock_or_chance(string prefix) =>
        Assert.DoesNotContain(Product.TypeReferences("IgsNetty.Protocol"), type => type.StartsWith(prefix, StringComparison.Ordinal));

    [Theory]
    [InlineData("IgsNetty.Relay")]
    [InlineData("IgsNetty.Endpoints")]
    public void Sockets_loops_and_channels_come_from_the_transport_only(string name)
    {
        // An event and errors are no sockets.
        string[] harmless =
        [
            "DotNetty.Transport.Channels.Sockets.ChannelInputShutdownEvent",
            "System.Net.Sockets.SocketException", "System.Net.Sockets.SocketError", "System.Net.Sockets.AddressFamily",
        ];
        string[] suspects = [.. Product.TypeReferences(name).Where(IsConcrete).Except(harmless)];
        Assert.Empty(suspects);
    }

    [Fact]
    public void The_test_above_would_see_a_socket() =>
        Assert.Contains("DotNetty.Transport.Channels.Sockets.TcpSocketChannel", Product.TypeReferences("IgsNetty.Transport").Where(IsConcrete));

    private static bool IsConcrete(string type) =>
        type.StartsWith("DotNetty.Transport.Channels.Sockets.", StringComparison.Ordinal)
        || type.StartsWith("DotNetty.Transport.Bootstrapping.", StringComparison.Ordinal)
        || type.StartsWith("DotNetty.Transport.Libuv.", StringComparison.Ordinal)
        || type.StartsWith("System.Net.Sockets.", StringComparison.Ordinal)
        || type.EndsWith("EventLoopGroup", StringComparison.Ordinal) && !type.EndsWith(".IEventLoopGroup", StringComparison.Ordinal);
}
