using System.Net;
using System.Net.Sockets;
using System.Text;
using IgsNetty.Perf.Contenders;
using IgsNetty.Perf.Load;
using IgsNetty.Perf.Report;
using IgsNetty.Perf.Scenarios;
using Xunit;

namespace IgsNetty.Perf.Tests;

/// <summary>The HTTP target, its load and its scenario.</summary>
public sealed class HttpTests
{
    private static readonly LoadTiming Short = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(200));

    [Fact]
    public async Task A_web_client_gets_pages_on_one_connection()
    {
        using HttpTarget target = new(address: null);
        using HttpClient client = new(new SocketsHttpHandler { MaxConnectionsPerServer = 1 }) { Timeout = TimeSpan.FromMinutes(1) };
        for (int i = 0; i < 3; i++)
        {
            using HttpResponseMessage answer = await client.GetAsync(new Uri($"http://{target.Address}/"));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(612, (await answer.Content.ReadAsByteArrayAsync()).Length);
        }
    }

    [Fact]
    public void Requests_are_understood_however_they_are_cut_and_joined()
    {
        using HttpTarget target = new(address: null);
        target.Probe(target.Address);
        using Socket socket = LoadSocket.Connect(target.Address);
        byte[] two = [.. HttpExchange.Request(target.Address), .. HttpExchange.Request(target.Address)];
        foreach (byte next in two[..^1])
        {
            socket.Send([next]);
        }

        socket.Send([.. two[^1..], .. two]);
        byte[] answers = new byte[4 * HttpExchange.Answer.Length];
        LoadSocket.ReceiveExactly(socket, answers);
        Assert.All(answers.Chunk(HttpExchange.Answer.Length), answer => Assert.Equal(HttpExchange.Answer, answer));
        socket.Shutdown(SocketShutdown.Send);
        LoadSocket.ReceiveEnd(socket);
    }

    [Fact]
    public void A_load_run_counts_answers_and_their_time()
    {
        using TargetSet targets = new(new Dictionary<string, IPEndPoint>());
        HttpScenario scenario = new(new PerfOptions { Streams = [20] }, targets.Http);
        Contender direct = new("direct", new Dictionary<string, IPEndPoint> { [TargetNames.Http] = targets.Http.Address }, []);
        Sample sample = scenario.Cases.Single().Run(direct, Short, CancellationToken.None);
        Assert.True(sample.Get(Metric.RoundTrips) > 0);
        Assert.True(sample.Get(Metric.P50) > 0);
        Assert.False(((IScenario)scenario).IsStandard);
        Assert.Equal("1000 streams", new HttpScenario(new PerfOptions(), targets.Http).Cases.Single().Title);
    }

    [Fact]
    public void An_answer_that_is_not_the_right_one_fails_the_run()
    {
        using EchoTarget echo = new(address: null);
        PingPongLoad load = new(() => LoadSocket.Connect(echo.Address), 1, () => new Exchange(Encoding.ASCII.GetBytes("one"), Encoding.ASCII.GetBytes("two")));
        Contender direct = new("direct", new Dictionary<string, IPEndPoint>(), []);
        PerfException error = Assert.Throws<PerfException>(() => LoadRun.Measure(load, direct, Short, CancellationToken.None));
        Assert.Contains("an answer is not the one to the request", error.Message, StringComparison.Ordinal);
    }
}
