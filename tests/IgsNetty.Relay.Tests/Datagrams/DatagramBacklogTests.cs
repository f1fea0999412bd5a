using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Tests.Harness;
using Xunit;

namespace IgsNetty.Relay.Tests.Datagrams;

/// <summary>Datagrams that wait for a link that is full.</summary>
public sealed class DatagramBacklogTests : BacklogTest
{
    [Fact]
    public void Empty_it_writes_nothing()
    {
        Assert.True(Backlog.IsEmpty);
        Assert.Equal(0, Backlog.WriteNext());
        Backlog.Forget(new WaitingDatagrams());
    }

    [Fact]
    public void One_flow_holds_256_KiB_and_its_oldest_go()
    {
        WaitingDatagrams flow = new();
        for (int i = 0; i < 10; i++)
        {
            Add(flow, 2, i);
            Assert.True(flow.Bytes <= DatagramBacklog.FlowBytes);
        }

        Assert.Equal(6, Totals.DatagramsDropped);
        Assert.Equal(4 * Frame, Memory.Held);
        Assert.Equal(["2:6", "2:7", "2:8", "2:9"], Drain());
    }

    [Fact]
    public void One_link_holds_1_MiB_and_the_oldest_of_the_fattest_flow_goes()
    {
        WaitingDatagrams[] flows = [.. Enumerable.Range(0, 5).Select(_ => new WaitingDatagrams())];
        for (int i = 0; i < 16; i++)
        {
            Add(flows[i / 4], (uint)(i / 4), i);
        }

        Assert.Equal(0, Totals.DatagramsDropped);
        Add(flows[4], 4, 100, 1000); // no room: one of the fat ones pays
        Add(flows[4], 4, 101, 1000);
        Assert.Equal(1, Totals.DatagramsDropped);
        Add(flows[4], 4, 102);
        Assert.Equal(2, Totals.DatagramsDropped);
        Assert.True(Memory.Held <= DatagramBacklog.LinkBytes);
        string[] drained = Drain();
        Assert.Equal(["4:100", "4:101", "4:102"], drained.Where(item => item.StartsWith('4')));
        Assert.Equal(["0:1", "0:2", "0:3", "1:5", "1:6", "1:7"], drained.Where(item => item[0] is '0' or '1').Order());
        Assert.Equal(8, drained.Count(item => item[0] is '2' or '3'));
    }

    [Fact]
    public void A_slim_flow_loses_nothing_to_a_fat_one()
    {
        WaitingDatagrams fat = new();
        WaitingDatagrams slim = new();
        Budget(150_000);
        Add(slim, 4, 0, 100);
        for (int i = 0; i < 50; i++)
        {
            Add(fat, 2, i);
        }

        Add(slim, 4, 1, 100);
        Assert.Equal(["4:0", "2:48", "4:1", "2:49"], Drain());
        Assert.Equal(48, Totals.DatagramsDropped);
    }

    [Fact]
    public void Over_theMemory_budget_the_oldest_of_the_fattest_goes_too()
    {
        Budget(100_000);
        WaitingDatagrams[] flows = [new(), new()];
        Add(flows[0], 2, 0);
        Add(flows[1], 4, 1);
        Assert.Equal(1, Totals.DatagramsDropped);
        Assert.Equal(Frame, Memory.Held);
        Assert.Equal(["4:1"], Drain());
    }

    [Fact]
    public void With_theMemory_used_up_by_others_nothing_is_kept()
    {
        Assert.True(Memory.TryHold(64 * 1024 * 1024));
        WaitingDatagrams flow = new();
        Add(flow, 2, 0);
        Assert.True(Backlog.IsEmpty);
        Assert.Equal(1, Totals.DatagramsDropped);
        Memory.Release(64 * 1024 * 1024);
        Add(flow, 2, 1);
        Assert.Equal(["2:1"], Drain());
    }

    [Fact]
    public void Flows_take_turns()
    {
        WaitingDatagrams[] flows = [new(), new(), new()];
        int[] counts = [3, 2, 1];
        for (int flow = 0; flow < 3; flow++)
        {
            for (int i = 0; i < counts[flow]; i++)
            {
                Add(flows[flow], (uint)flow, i, 10);
            }
        }

        Assert.Equal(["0:0", "1:0", "2:0", "0:1", "1:1", "0:2"], Drain());
    }

    [Fact]
    public void A_flow_that_ends_is_forgotten_and_may_not_hold_up_others()
    {
        WaitingDatagrams gone = new();
        WaitingDatagrams stays = new();
        for (int i = 0; i < 3; i++)
        {
            Add(gone, 2, i, 100);
            Add(stays, 4, i, 100);
        }

        Backlog.Forget(gone);
        Assert.Equal(3, Totals.DatagramsDropped);
        Assert.Equal(3 * 109, Memory.Held);
        Assert.Equal(["4:0", "4:1", "4:2"], Drain());
        Add(gone, 2, 9, 100);
        Assert.Equal(["2:9"], Drain());
    }
}
