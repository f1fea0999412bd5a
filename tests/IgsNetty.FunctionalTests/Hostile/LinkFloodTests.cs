using System.Buffers.Binary;
using System.Net;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Hostile;

/// <summary>A peer that is let in and then misbehaves, beside one that does not.</summary>
[AboveTransports]
public sealed class LinkFloodTests(ITestOutputHelper output) : FunctionalTest(output)
{
    private const string Attacker = "site-x";
    private const int Batch = 500;

    // A gateway that reads a link to its end before it serves the others takes all that the sockets hold: some millions.
    private const int MostPerTrip = 500_000;

    [Fact]
    public async Task Streams_opened_and_reset_as_fast_as_it_can()
    {
        TcpTarget<long> server = Own(Serving.Echo());
        Relay relay = await StartAsync(server);
        using TcpCall honest = await relay.CallAsync(Entry.Forward, server.EndPoint, Deadline);
        await honest.ExpectEchoAsync(64);
        int descriptors = relay.Called.OpenDescriptors;
        using RawLink attacker = await RawLink.DialAsync(relay.Called.Link, Attacker, Deadline);

        uint id = 1;
        Honest caller = new(honest);
        Task<int?> answers = attacker.ReadToEndAsync();
        await caller.RoundTripsAsync(Task.Run(() => attacker.FloodAsync(() => caller.HasEnough ? null : Pairs(ref id, server))));

        Say($"{id / 2} streams opened and reset, {caller.Trips} round trips; link ended: {answers.IsCompleted}");
        caller.AssertServed(id / 2, MostPerTrip);
        using TcpCall another = await relay.CallAsync(Entry.Socks5, server.EndPoint, Deadline);
        await another.ExpectEchoAsync(1000);
        attacker.Dispose();
        await Eventually.Async(
            () => relay.Called.OpenDescriptors <= descriptors + 10,
            () => $"{relay.Called.OpenDescriptors} descriptors are open, {descriptors} before");
        Assert.True(relay.Called.Log.Split('\n').Length < 200, "the log stays short");
    }

    [Theory]
    [InlineData("ping")]
    [InlineData("credit")]
    [InlineData("opens")]
    public async Task A_flood_of_control_frames_ends_the_link_and_nobody_elses(string kind)
    {
        TcpTarget<long> server = Own(Serving.Echo());
        Relay relay = await StartAsync(server);
        using TcpCall honest = await relay.CallAsync(Entry.Forward, server.EndPoint, Deadline);
        await honest.ExpectEchoAsync(64);
        using RawLink attacker = await RawLink.DialAsync(relay.Called.Link, Attacker, Deadline);
        await attacker.SendAsync(RawLink.Open(1, server.EndPoint));

        uint id = 3;
        byte[] pings = Repeat(RawLink.Frame(RawLink.Ping, 0, 1, 2, 3, 4, 5, 6, 7, 8));
        byte[] credit = Repeat(RawLink.Frame(RawLink.WindowUpdate, 1, 0, 0, 0, 1));
        Task<int?> answers = attacker.ReadToEndAsync();
        Task flood = Task.Run(() => attacker.FloodAsync(() => kind switch
        {
            "ping" => pings,
            "credit" => credit,
            _ => Opens(ref id, server),
        }));
        Honest caller = new(honest);
        await caller.RoundTripsAsync(flood);

        Say($"{caller.Trips} round trips");
        Assert.Equal(RawLink.LimitExceeded, await answers ?? RawLink.LimitExceeded); // its GoAway may be lost to the reset that follows
        await relay.Called.WaitForProblemAsync($"Link to {Attacker} is closed");
        await relay.Called.WaitForProblemAsync("a flood of control frames");
        await honest.ExpectEchoAsync(1000);
    }

    [Fact]
    public async Task Data_in_frames_of_one_byte_within_their_credit()
    {
        TcpTarget<long> server = Own(Serving.Echo());
        TcpTarget<Received> sink = Own(Serving.Sink());
        Relay relay = await StartAsync(server);
        using TcpCall honest = await relay.CallAsync(Entry.Forward, server.EndPoint, Deadline);
        await honest.ExpectEchoAsync(64);
        using RawLink attacker = await RawLink.DialAsync(relay.Called.Link, Attacker, Deadline);
        await attacker.SendAsync(RawLink.Open(1, sink.EndPoint));

        long credit = 0;
        using SemaphoreSlim batches = new(0);
        Task<int?> answers = attacker.ReadToEndAsync((type, payload) =>
        {
            if (type is RawLink.StreamOpened or RawLink.WindowUpdate)
            {
                credit += BinaryPrimitives.ReadUInt32BigEndian(payload);
                batches.Release((int)(credit / Batch));
                credit %= Batch;
            }
        });
        byte[] frames = Repeat(RawLink.Frame(RawLink.Data, 1, 0));
        long sent = 0;
        Honest caller = new(honest);
        Task flood = Task.Run(async () =>
        {
            for (; !caller.HasEnough; sent += Batch)
            {
                await batches.WaitAsync(Deadline);
                await attacker.SendAsync(frames);
            }
        });
        await caller.RoundTripsAsync(flood);

        Say($"{sent} bytes, {caller.Trips} round trips");
        Assert.False(answers.IsCompleted, "it kept to the protocol");
        caller.AssertServed(sent, MostPerTrip);
        await attacker.SendAsync(RawLink.Frame(RawLink.EndOfStream, 1));
        Assert.Equal(sent, (await sink.NextAsync(Deadline)).Bytes);
    }

    [Fact]
    public async Task A_peer_that_makes_the_gateway_write_and_does_not_read_takes_bounded_memory()
    {
        TcpTarget<long> server = Own(Serving.Echo());
        Relay relay = await StartAsync(server);
        using TcpCall honest = await relay.CallAsync(Entry.Forward, server.EndPoint, Deadline);
        await honest.ExpectEchoAsync(1000);
        long before = relay.Called.ResidentBytes;
        byte[] pings = Repeat(RawLink.Frame(RawLink.Ping, 0, 1, 2, 3, 4, 5, 6, 7, 8));
        List<RawLink> attackers = [];
        for (int i = 0; i < 8; i++)
        {
            attackers.Add(await RawLink.DialAsync(relay.Called.Link, $"{Attacker}{i}", Deadline));
        }

        await Task.WhenAll(attackers.Select(attacker => attacker.FloodAsync(() => pings)));

        long grown = relay.Called.ResidentBytes - before;
        Say($"grown by {grown / 1024} KiB");
        Assert.InRange(grown, long.MinValue, 96L * TestScale.MiB);
        await honest.ExpectEchoAsync(1000);
        attackers.ForEach(attacker => attacker.Dispose());
    }

    [Theory]
    [InlineData("credit 2^31", RawLink.FlowControlError)]
    [InlineData("window overflow", RawLink.FlowControlError)]
    [InlineData("oversize", RawLink.FrameSizeError)]
    [InlineData("zero", RawLink.FrameSizeError)]
    [InlineData("id reuse", RawLink.StreamIdError)]
    public async Task Breaches_again_and_again_end_only_their_links(string kind, int reason)
    {
        TcpTarget<long> server = Own(Serving.Echo());
        Relay relay = await StartAsync(server);
        SilentPort silent = Own(await SilentPort.OpenAsync()); // while its target does not answer, a stream's window is small
        using TcpCall honest = await relay.CallAsync(Entry.Forward, server.EndPoint, Deadline);
        byte[] breach = kind switch
        {
            "credit 2^31" => [.. RawLink.Frame(RawLink.WindowUpdate, 1, 0x7F, 0xFF, 0xFF, 0xFF), .. RawLink.Frame(RawLink.WindowUpdate, 1, 0x7F, 0xFF, 0xFF, 0xFF)],
            "window overflow" => RawLink.Frame(RawLink.Data, 1, new byte[200_000]),
            "oversize" => [0xFF, 0xFF, 0xFF, RawLink.Data, 0, 0, 0, 1],
            "zero" => RawLink.Frame(RawLink.Data, 1),
            _ => RawLink.Open(1, silent.EndPoint),
        };
        for (int i = 0; i < (TestScale.IsFull ? 500 : 30); i++)
        {
            using RawLink attacker = await RawLink.DialAsync(relay.Called.Link, Attacker, Deadline);
            Task<int?> end = attacker.ReadToEndAsync();
            await attacker.FloodAsync(Once([.. RawLink.Open(1, silent.EndPoint), .. breach]));
            Assert.Equal(reason, await end);
            await honest.ExpectEchoAsync(64);
        }

        Assert.InRange(relay.Called.Log.Split("[2004]").Length, 2, 40); // with what was held back
    }

    [Fact]
    public async Task Links_that_come_and_go_all_the_time_fill_no_log()
    {
        const int Links = 600;
        const int MostLinesPerPeriod = 384;
        const int PeriodSeconds = 10;
        TcpTarget<long> server = Own(Serving.Echo());
        Relay relay = await StartAsync(server);
        Moment start = new();
        for (int i = 0; i < Links; i++)
        {
            using RawLink link = await RawLink.DialAsync(relay.Called.Link, Attacker, Deadline);
        }

        using TcpCall honest = await relay.CallAsync(Entry.Forward, server.EndPoint, Deadline);
        await honest.ExpectEchoAsync(64);
        int periods = 1 + (int)Math.Ceiling(start.SecondsSince / PeriodSeconds);
        int lines = relay.Called.Log.Split($"Link to {Attacker} is").Length - 1;
        Say($"{lines} lines of {2 * Links} in {periods} periods");
        Assert.InRange(lines, MostLinesPerPeriod / 2, periods * MostLinesPerPeriod);
    }

    private Task<Relay> StartAsync(TcpTarget<long> server) => StartRelayAsync(new RelayPlan(RelayMode.TwoGateways)
    {
        Forwards = [server.EndPoint],
        ChangeCalled = config => config["Allow"]!.AsArray().Add(GatewayConfig.AllowEntry(Attacker, new AllowRule("127.0.0.0/8"))),
    });

    private static Func<ReadOnlyMemory<byte>?> Once(byte[] bytes)
    {
        bool isDone = false;
        return () =>
        {
            (bool was, isDone) = (isDone, true);
            return was ? null : (ReadOnlyMemory<byte>?)bytes;
        };
    }

    private static ReadOnlyMemory<byte>? Pairs(ref uint id, TcpTarget<long> server)
    {
        List<byte> batch = [];
        for (int i = 0; i < Batch; i++, id += 2)
        {
            batch.AddRange(RawLink.Open(id, server.EndPoint));
            batch.AddRange(RawLink.Reset(id));
        }

        return batch.ToArray();
    }

    private static ReadOnlyMemory<byte>? Opens(ref uint id, TcpTarget<long> server)
    {
        List<byte> batch = [];
        for (int i = 0; i < Batch; i++, id += 2)
        {
            batch.AddRange(RawLink.Open(id, new(IPAddress.Parse("10.9.9.9"), server.EndPoint.Port))); // no rule lets it
        }

        return batch.ToArray();
    }

    private static byte[] Repeat(byte[] frame) => [.. Enumerable.Repeat(frame, Batch).SelectMany(one => one)];
}
