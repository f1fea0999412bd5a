using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Relay;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Datagrams;

/// <summary>The rules on the way of UDP: what is refused is not sent. For TCP: the same table in IgsNetty.Endpoints.Tests.</summary>
public sealed class SpecialTargetTests : DatagramTest
{
    private readonly FakeResolver _resolver = new();

    [Theory]
    [MemberData(nameof(AccessCases.Rows), MemberType = typeof(AccessCases))]
    public void Only_what_is_allowed_is_sent_to_by_a_flow(string destination, string ports, string host, string? resolved, int port, bool isAllowed) =>
        Check(1, destination, ports, host, resolved, port, isAllowed);

    [Theory]
    [MemberData(nameof(AccessCases.Rows), MemberType = typeof(AccessCases))]
    public void Only_what_is_allowed_is_sent_to_without_a_reply(string destination, string ports, string host, string? resolved, int port, bool isAllowed) =>
        Check(0, destination, ports, host, resolved, port, isAllowed);

    [Theory]
    [MemberData(nameof(AccessCases.Rows), MemberType = typeof(AccessCases))]
    public void Only_what_is_allowed_is_the_target_of_a_flow(string destination, string ports, string host, string? resolved, int port, bool isAllowed)
    {
        LinkUnderTest link = New(destination, ports);
        link.Receive(FrameStream.OpenUdp(2, Canonical(host, port)), FrameStream.Datagram(2, null, 7));
        Answer(host, resolved);
        Expect(link, isAllowed);
    }

    private void Check(int timeout, string destination, string ports, string host, string? resolved, int port, bool isAllowed)
    {
        LinkUnderTest link = New(destination, ports);
        uint flow = timeout == 0 ? 0u : 2u;
        if (timeout > 0)
        {
            link.Receive(FrameStream.OpenUdp(flow, "203.0.113.1:9"));
        }

        link.Receive(FrameStream.Datagram(flow, Canonical(host, port), 7));
        Answer(host, resolved);
        Expect(link, isAllowed);
    }

    private LinkUnderTest New(string destination, string ports) =>
        NewLink(Open with { Access = Udp.AtListeners("site-b", destination, ports), Resolver = _resolver });

    private void Answer(string host, string? resolved)
    {
        if (resolved is not null)
        {
            _resolver.Answer(host, resolved);
            Loop.RunTasks();
        }
    }

    private void Expect(LinkUnderTest link, bool isAllowed)
    {
        Assert.Equal(isAllowed ? 1 : 0, link.Transport.Datagrams.Sum(socket => socket.TakeSent().Count));
        Assert.Equal(isAllowed ? 0 : 1, link.Totals.DatagramsNotAllowed);
        Assert.Equal(isAllowed ? 0 : 1, Lines(2204));
    }

    // As a peer would write it: a wrong spelling is made an address before it goes on a link, or here when it comes from one.
    private static string Canonical(string host, int port)
    {
        Assert.True(TargetAddress.TryCreate(host, port, out TargetAddress target, out string error), error);
        return target.ToString();
    }
}
