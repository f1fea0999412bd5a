using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Tests.Harness;
using Xunit;

namespace IgsNetty.Relay.Tests.Datagrams;

/// <summary>Whatever comes and goes, the bounds of a backlog hold.</summary>
public sealed class DatagramBacklogRandomTests : BacklogTest
{
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
                    Backlog.Forget(flows[flow]);
                    break;
                case < 12:
                    written += Backlog.WriteNext() > 0 ? 1 : 0;
                    break;
                default:
                    Add(flows[flow], (uint)flow, i, random.Next(4) == 0 ? random.Next(4, Largest + 1) : random.Next(4, 2000));
                    added++;
                    break;
            }

            Assert.All(flows, f => Assert.True(f.Bytes <= DatagramBacklog.FlowBytes));
            Assert.Equal(flows.Sum(f => f.Bytes), Memory.Held);
            Assert.True(Memory.Held <= DatagramBacklog.LinkBytes);
            foreach (string item in Written())
            {
                int[] parts = [.. item.Split(':').Select(int.Parse)];
                Assert.True(last[parts[0]] < parts[1]);
                last[parts[0]] = parts[1];
            }
        }

        written += Drain().Length;
        Assert.Equal(added, written + Totals.DatagramsDropped);
    }
}
