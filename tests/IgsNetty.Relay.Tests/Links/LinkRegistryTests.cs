using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Links;
using IgsNetty.Relay.Streams;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Links;

public sealed class LinkRegistryTests : RelayTest
{
    private readonly LinkRegistry _registry = new(20_000);

    [Fact]
    public void An_unknown_peer_has_no_link()
    {
        Assert.Null(_registry.Find("site-b", null));
        NewLink(new LinkSettings { Registry = _registry });
        Assert.Null(_registry.Find("site-c", null));
        Assert.Null(_registry.Find("Site-B", null));
        Assert.Equal(["site-b"], _registry.Peers);
    }

    [Fact]
    public void The_link_with_the_fewest_streams()
    {
        LinkUnderTest[] links = [.. Enumerable.Range(0, 3).Select(_ => NewLink(new LinkSettings { Registry = _registry }))];
        for (int i = 0; i < 9; i++)
        {
            Link link = _registry.Find("site-b", Loop)!;
            Assert.NotNull(link.TryOpen(FrameStream.AnyTarget, null, null, out _));
        }

        Assert.All(links, link => Assert.Equal(3, link.Link.StreamCount));
        RelayStream[] more = [links[0].Link.TryOpen(FrameStream.AnyTarget, null, null, out _)!, links[2].Link.TryOpen(FrameStream.AnyTarget, null, null, out _)!];
        Assert.Same(links[1].Link, _registry.Find("site-b", Loop));
        more[1].Reset(ResetReason.Cancelled);
        links[1].Open();
        Assert.Same(links[2].Link, _registry.Find("site-b", Loop));
    }

    [Fact]
    public void A_link_on_the_callers_loop_before_an_idle_one_elsewhere()
    {
        LinkUnderTest here = NewLink(new LinkSettings { Registry = _registry });
        ManualEventLoop elsewhere = new();
        LinkUnderTest there = new(elsewhere, Buffers, Log, new LinkSettings { Registry = _registry });
        for (int i = 0; i < 50; i++)
        {
            here.Open();
        }

        Assert.Same(here.Link, _registry.Find("site-b", Loop));
        Assert.Same(there.Link, _registry.Find("site-b", elsewhere));
        Assert.Same(there.Link, _registry.Find("site-b", null));
        Assert.Same(there.Link, _registry.Find("site-b", new ManualEventLoop()));
        there.Link.Close(GoAwayReason.Shutdown, "", tellPeer: false);
        elsewhere.RunTasks();
        Assert.Same(here.Link, _registry.Find("site-b", elsewhere));
    }

    [Fact]
    public void Only_links_that_take_streams_are_found()
    {
        LinkUnderTest first = NewLink(new LinkSettings { Registry = _registry });
        LinkUnderTest second = NewLink(new LinkSettings { Registry = _registry });
        LinkUnderTest other = NewLink(new LinkSettings { Registry = _registry, Peer = "site-c" });
        Assert.Equal(3, _registry.Links.Count);
        first.Open();
        first.Link.Retire(GoAwayReason.Shutdown, "");
        Assert.Same(second.Link, _registry.Find("site-b", Loop));
        second.Socket.ReceiveReset();
        Loop.RunTasks();
        Assert.Null(_registry.Find("site-b", Loop));
        Assert.Equal([other.Link], _registry.Links);
        Assert.Equal(["site-c"], _registry.Peers);
    }

    [Fact]
    public async Task Waiting_ends_when_a_link_comes_up()
    {
        Task waiting = _registry.WaitAsync("site-b", TimeSpan.FromMinutes(5));
        NewLink(new LinkSettings { Registry = _registry, Peer = "site-c" });
        Assert.False(waiting.IsCompleted);
        NewLink(new LinkSettings { Registry = _registry });
        await waiting;
        Assert.True(_registry.WaitAsync("site-b", TimeSpan.FromMinutes(5)).IsCompleted);
    }

    [Fact]
    public async Task Waiting_in_vain_ends_without_an_error()
    {
        await _registry.WaitAsync("site-b", TimeSpan.Zero);
        Assert.Null(_registry.Find("site-b", null));
    }
}
