using System.Net;
using IgsNetty.Perf.Contenders;
using IgsNetty.Perf.Load;
using IgsNetty.Perf.Report;
using IgsNetty.Perf.Scenarios;
using IgsNetty.Perf.Tests.Harness;
using Xunit;

namespace IgsNetty.Perf.Tests;

public sealed class SocksTests
{
    private static readonly LoadTiming Short = new(TimeSpan.Zero, TimeSpan.FromSeconds(0.2));
    private static readonly IPEndPoint Target = new(IPAddress.Parse("127.1.2.3"), 0x1234);

    [Fact]
    public void The_questions_are_those_of_rfc_1928()
    {
        SocksDialogue dialogue = new(Target);
        Assert.Equal("050100", Convert.ToHexString(dialogue.Message));
        Assert.True(Answer(dialogue, [5, 0]));
        Assert.Equal("050100017F0102031234", Convert.ToHexString(dialogue.Message));
        Assert.False(dialogue.IsOver);
        Assert.True(Answer(dialogue, [5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
        Assert.True(dialogue.IsOver);
    }

    [Fact]
    public void Answers_may_come_in_pieces_and_again()
    {
        SocksDialogue dialogue = new(Target);
        for (int connection = 0; connection < 2; connection++)
        {
            dialogue.Restart();
            Assert.False(Answer(dialogue, [5]));
            Assert.True(Answer(dialogue, [0]));
            Assert.False(Answer(dialogue, [5, 0, 0, 1]));
            Assert.Equal(6, dialogue.Room.Length);
            Assert.True(Answer(dialogue, new byte[6]));
            Assert.True(dialogue.IsOver);
        }
    }

    [Theory]
    [InlineData(5, 0xff)] // no method that the caller has
    [InlineData(4, 0)]
    public void A_refusal_says_of_what(int first, int second) =>
        Assert.Contains("127.1.2.3:4660", Assert.Throws<PerfException>(() => Answer(new SocksDialogue(Target), [(byte)first, (byte)second])).Message, StringComparison.Ordinal);

    [LinuxFact]
    public void Every_case_goes_through_a_server()
    {
        using SmallSocksServer server = new();
        using TargetSet targets = new(new Dictionary<string, IPEndPoint>());
        Contender contender = Of(server);
        targets.Socks.Probe(server.Address);
        SocksScenario scenario = new(new PerfOptions { Streams = [2] }, targets.Bulk, targets.Connect);
        Assert.Equal(["upload, 2 streams", "download, 2 streams", "connect, 2 at a time"], scenario.Cases.Select(c => c.Title));
        Sample[] samples = [.. scenario.Cases.Select(c => Run(c, contender))];
        Assert.All(samples[..2], sample => Assert.InRange(sample.Get(BulkScenario.Throughput)!.Value, double.Epsilon, 1000));
        Assert.InRange(samples[2].Get(ConnectScenario.Rate)!.Value, double.Epsilon, 1e6);
        Assert.InRange(samples[2].Get(Metric.P50)!.Value, 1, 1e8);
        Assert.Null(samples[2].Get(BulkScenario.Throughput));
        Assert.Null(samples[0].Get(Metric.Memory)); // it is no process
    }

    [LinuxFact]
    public void A_server_that_refuses_fails_the_load_run()
    {
        using SmallSocksServer server = new(answer: 2);
        using TargetSet targets = new(new Dictionary<string, IPEndPoint>());
        SocksScenario scenario = new(new PerfOptions { Streams = [1] }, targets.Bulk, targets.Connect);
        Assert.All(scenario.Cases, oneCase => Assert.Contains(
            "refuses", Assert.Throws<PerfException>(() => oneCase.Run(Of(server), Short, CancellationToken.None)).Message, StringComparison.Ordinal));
    }

    // A busy machine may let nothing come through in a short time.
    private static Sample Run(LoadCase loadCase, Contender contender)
    {
        for (TimeSpan measured = Short.Measured; ; measured *= 4)
        {
            try
            {
                return loadCase.Run(contender, Short with { Measured = measured }, CancellationToken.None);
            }
            catch (PerfException e) when (e.Message.Contains("nothing came through", StringComparison.Ordinal) && measured < TimeSpan.FromMinutes(1))
            {
                // Once more, with more time.
            }
        }
    }

    private static Contender Of(SmallSocksServer server) =>
        new("server", new Dictionary<string, IPEndPoint> { [TargetNames.Socks] = server.Address }, []);

    private static bool Answer(SocksDialogue dialogue, byte[] bytes)
    {
        bytes.CopyTo(dialogue.Room);
        return dialogue.OnReceived(bytes.Length);
    }
}
