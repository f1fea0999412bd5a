using System.Text;
using System.Text.Json.Nodes;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.Protocol.Codec;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.SpecTests.Harness;
using IgsNetty.TestKit.Wire;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.SpecTests.Sections;

/// <summary>docs/protocol.md §5, with links that prove a shared key.</summary>
public sealed class SharedKeyTests(SharedGateways shared, ITestOutputHelper output) : SpecTest(shared, output)
{
    private const string Key = "correct horse battery staple";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task The_right_proof(bool gatewayDials) => OnSecuredAsync(gatewayDials, async link =>
    {
        await link.SendAsync(Proof(link, Key, byDialler: !gatewayDials));
        await CheckProofAsync(link);
        await Answer.Nothing.CheckAsync(link);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Frames_may_follow_the_proof_at_once(bool gatewayDials) => OnSecuredAsync(gatewayDials, async link =>
    {
        await link.SendAsync(Proof(link, Key, byDialler: !gatewayDials), FrameStream.Raw((FrameType)0x90, 5, 1, 2, 3));
        await CheckProofAsync(link);
        await Answer.Nothing.CheckAsync(link);
    });

    [Theory]
    [InlineData("another key", false, GoAwayReason.AuthenticationFailed)]
    [InlineData("another key", true, GoAwayReason.AuthenticationFailed)]
    [InlineData("the other role", false, GoAwayReason.AuthenticationFailed)]
    [InlineData("the other role", true, GoAwayReason.AuthenticationFailed)]
    [InlineData("31 bytes", false, GoAwayReason.FrameSizeError)]
    [InlineData("31 bytes", true, GoAwayReason.FrameSizeError)]
    [InlineData("33 bytes", false, GoAwayReason.FrameSizeError)]
    [InlineData("no bytes", true, GoAwayReason.FrameSizeError)]
    [InlineData("on a stream", false, GoAwayReason.StreamIdError)]
    [InlineData("OpenStream instead", false, GoAwayReason.ProtocolError)]
    [InlineData("OpenStream instead", true, GoAwayReason.ProtocolError)]
    [InlineData("Ping instead", false, GoAwayReason.ProtocolError)]
    [InlineData("a second Hello", false, GoAwayReason.ProtocolError)]
    [InlineData("a second Hello", true, GoAwayReason.ProtocolError)]
    public Task Another_thing_than_the_proof(string what, bool gatewayDials, GoAwayReason reason) => OnSecuredAsync(gatewayDials, async link =>
    {
        byte[] right = Proof(link, Key, byDialler: !gatewayDials);
        await link.SendAsync(what switch
        {
            "another key" => Proof(link, "incorrect horse", byDialler: !gatewayDials),
            "the other role" => Proof(link, Key, byDialler: gatewayDials), // the gateway's own, played back
            "31 bytes" => FrameStream.Raw(FrameType.Authenticate, 0, right[FrameHeader.Size..^1]),
            "33 bytes" => FrameStream.Raw(FrameType.Authenticate, 0, [.. right[FrameHeader.Size..], 0]),
            "no bytes" => FrameStream.Raw(FrameType.Authenticate, 0),
            "on a stream" => FrameStream.Raw(FrameType.Authenticate, 1, right[FrameHeader.Size..]),
            "OpenStream instead" => FrameStream.Open(link.Theirs()),
            "Ping instead" => FrameStream.Ping(1),
            _ => Hello(link),
        });

        // A gateway that dialled proves itself first; one that listens proves nothing to who has not.
        if (gatewayDials)
        {
            await CheckProofAsync(link);
        }

        await Answer.Breaks(reason).CheckAsync(link);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_peer_that_does_not_want_to_prove_anything(bool gatewayDials) =>
        OnAsync(StartAsync(), gateway => SpecLink.ConnectAsync(gateway, gatewayDials), async around =>
        {
            if (gatewayDials)
            {
                await around.Link.ReadHelloAsync();
            }

            await around.Link.SendAsync(around.Link.Hello());
            await Answer.Breaks(GoAwayReason.AuthenticationFailed).CheckAsync(around.Link);
        });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_proof_before_Hello(bool gatewayDials) =>
        OnAsync(StartAsync(), gateway => SpecLink.ConnectAsync(gateway, gatewayDials), async around =>
        {
            if (gatewayDials)
            {
                await around.Link.ReadHelloAsync();
            }

            await around.Link.SendAsync(FrameStream.Raw(FrameType.Authenticate, 0, new byte[32]), Hello(around.Link));
            await Answer.Breaks(GoAwayReason.ProtocolError).CheckAsync(around.Link);
        });

    // Up to where it is the test's turn to prove itself.
    private Task OnSecuredAsync(bool gatewayDials, Func<SpecLink, Task> test) =>
        OnAsync(StartAsync(), gateway => SpecLink.ConnectAsync(gateway, gatewayDials), async around =>
        {
            await around.Link.SendAsync(Hello(around.Link));
            await around.Link.ReadHelloAsync();
            await test(around.Link);
        });

    private Task<(SpecGateway Gateway, HonestPeer Honest)> StartAsync() => Shared.StartAsync("shared key", Secure, async gateway =>
    {
        SpecLink link = await SpecLink.ConnectAsync(gateway, gatewayDials: false);
        await link.SendAsync(Hello(link));
        await link.ReadHelloAsync();
        await link.SendAsync(Proof(link, Key, byDialler: true));
        await CheckProofAsync(link);
        return link;
    });

    private static void Secure(JsonObject config, TempDirectory directory) =>
        config["Links"]!["Security"] = new JsonObject { ["Mode"] = "shared-key", ["Key"] = directory.WriteSecret("link.key", Key) };

    private static byte[] Hello(SpecLink link) => link.Hello(hello => hello with { Authentication = LinkAuthentication.SharedKey });

    private static byte[] Proof(SpecLink link, string key, bool byDialler) => FrameStream.Authenticate(Compute(link, key, byDialler));

    private static byte[] Compute(SpecLink link, string key, bool byDialler)
    {
        byte[] own = Hello(link)[FrameHeader.Size..];
        (byte[] dialler, byte[] listener) = link.GatewayDialled ? (link.GatewayHello, own) : (own, link.GatewayHello);
        return LinkProof.Compute(Encoding.ASCII.GetBytes(key), byDialler, dialler, listener);
    }

    private static async Task CheckProofAsync(SpecLink link) =>
        Assert.Equal(Compute(link, Key, byDialler: link.GatewayDialled), (await link.NextAsync(FrameType.Authenticate)).Payload.ToArray());
}
