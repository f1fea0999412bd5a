using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Diagnostics;
using IgsNetty.Relay.Pipeline;
using IgsNetty.TestKit.Buffers;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Datagrams;

/// <summary>Datagrams that wait for a link that is full.</summary>
public sealed class DatagramBacklogTests : IDisposable
{
    private const int Largest = 65_507;
    private const int Frame = Largest + 9;

    private readonly ManualEventLoop _loop = new();
    private readonly LeakCheck _buffers = new();
    private readonly FakeOutput _output = new();
    private readonly LoopTotals _totals = new();
    private readonly FrameWriter _writer;
    private MemoryBudget _memory = new(64 * 1024 * 1024);
    private DatagramBacklog _backlog;

    public DatagramBacklogTests()
    {
        _writer = new FrameWriter(_loop, _output, _buffers, () => { }, () => Assert.Fail("overflow"));
        _backlog = new DatagramBacklog(_writer, _memory, _totals);
    }

    public void Dispose()
    {
        _ = Drain();
        _writer.Close();
        Assert.Equal(0, _memory.Held);
        _buffers.AssertNoLeaks();
    }

    [Fact]
    public void Empty_it_writes_nothing()
    {
        Assert.True(_backlog.IsEmpty);
        Assert.Equal(0, _backlog.WriteNext());
        _backlog.Forget(new WaitingDatagrams());
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

        Assert.Equal(6, _totals.DatagramsDropped);
        Assert.Equal(4 * Frame, _memory.Held);
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

        Assert.Equal(0, _totals.DatagramsDropped);
        Add(flows[4], 4, 100, 1000); // no room: one of the fat ones pays
        Add(flows[4], 4, 101, 1000);
        Assert.Equal(1, _totals.DatagramsDropped);
        Add(flows[4], 4, 102);
        Assert.Equal(2, _totals.DatagramsDropped);
        Assert.True(_memory.Held <= DatagramBacklog.LinkBytes);
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
        _memory = new MemoryBudget(150_000);
        _backlog = new DatagramBacklog(_writer, _memory, _totals);
        Add(slim, 4, 0, 100);
        for (int i = 0; i < 50; i++)
        {
            Add(fat, 2, i);
        }

        Add(slim, 4, 1, 100);
        Assert.Equal(["4:0", "2:48", "4:1", "2:49"], Drain());
        Assert.Equal(48, _totals.DatagramsDropped);
    }

    [Fact]
    public void Over_the_memory_budget_the_oldest_of_the_fattest_goes_too()
    {
        _memory = new MemoryBudget(100_000);
        _backlog = new DatagramBacklog(_writer, _memory, _totals);
        WaitingDatagrams[] flows = [new(), new()];
        Add(flows[0], 2, 0);
        Add(flows[1], 4, 1);
        Assert.Equal(1, _totals.DatagramsDropped);
        Assert.Equal(Frame, _memory.Held);
        Assert.Equal(["4:1"], Drain());
    }

    [Fact]
    public void With_the_memory_used_up_by_others_nothing_is_kept()
    {
        Assert.True(_memory.TryHold(64 * 1024 * 1024));
        WaitingDatagrams flow = new();
        Add(flow, 2, 0);
        Assert.True(_backlog.IsEmpty);
        Assert.Equal(1, _totals.DatagramsDropped);
        _memory.Release(64 * 1024 * 1024);
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

        _backlog.Forget(gone);
        Assert.Equal(3, _totals.DatagramsDropped);
        Assert.Equal(3 * 109, _memory.Held);
        Assert.Equal(["4:0", "4:1", "4:2"], Drain());
        Add(gone, 2, 9, 100);
        Assert.Equal(["2:9"], Drain());
    }

    [Fact]
    public void Random_traffic_keeps_every_bound_and_the_order_of_each_flow()
    {
        Random random = new(3);
        WaitingDatagrams[] flows = [.. Enumerable.Range(0, 20).Select(_ => new WaitingDatagrams())];
        int[] last = new int[20];
        int added = 0;
        int written = 0;
        for (int i = 1; i < 20_000; i++)
        {
            int flow = random.Next(20);
            switch (random.Next(40))
            {
                case 0:
                    _backlog.Forget(flows[flow]);
                    break;
                case < 12:
                    written += _backlog.WriteNext() > 0 ? 1 : 0;
                    break;
                default:
                    Add(flows[flow], (uint)flow, i, random.Next(4) == 0 ? random.Next(4, Largest + 1) : random.Next(4, 2000));
                    added++;
                    break;
            }

            Assert.All(flows, f => Assert.True(f.Bytes <= DatagramBacklog.FlowBytes));
            Assert.Equal(flows.Sum(f => f.Bytes), _memory.Held);
            Assert.True(_memory.Held <= DatagramBacklog.LinkBytes);
            foreach (string item in Written())
            {
                int[] parts = [.. item.Split(':').Select(int.Parse)];
                Assert.True(last[parts[0]] < parts[1]);
                last[parts[0]] = parts[1];
            }
        }

        written += Drain().Length;
        Assert.Equal(added, written + _totals.DatagramsDropped);
    }

    private void Add(WaitingDatagrams flow, uint id, int number, int size = Largest)
    {
        byte[] payload = new byte[size];
        BitConverter.TryWriteBytes(payload, number);
        _backlog.Add(flow, DatagramFrames.Allocate(_buffers, id, FlowAddress.OfTarget, payload));
    }

    // "flow:number" of everything that waits, in the order in which it goes.
    private string[] Drain()
    {
        while (!_backlog.IsEmpty)
        {
            Assert.True(_backlog.WriteNext() > 0);
        }

        return Written();
    }

    private string[] Written()
    {
        _writer.FlushTail();
        return [.. FrameStream.Parse(_output.Take()).Select(frame => $"{frame.StreamId}:{BitConverter.ToInt32(frame.DatagramBytes)}")];
    }
}
