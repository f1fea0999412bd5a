using System.Net;
using System.Net.Sockets;
using IgsNetty.Endpoints.Names;
using IgsNetty.Relay.Targets;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Names;

/// <summary>Look-ups are bounded and shared between origins; a name is asked for once at a time.</summary>
public sealed class SharingTests : ResolverTest
{
    private const int Places = 32;

    private readonly SilentSource _source = new();

    [Theory]
    [InlineData(31)]
    [InlineData(1000)]
    public async Task Unanswered_names_of_one_caller_keep_no_other_caller_waiting(int names)
    {
        NameResolver resolver = Resolver(_source, "10.1.2.9 hosts.example", Places);
        using CancellationTokenSource over = new();
        Task[] silent = [.. Enumerable.Range(0, names).Select(i => resolver.ResolveAsync($"n{i}.example", Caller, over.Token))];
        Assert.InRange(resolver.UnderWay, 1, Places / 2);

        CallOrigin[] others = [CallOrigin.Of("local", IPAddress.Parse("10.7.0.2")), CallOrigin.Of("user:eve", IPAddress.Parse("10.7.0.1")), new("site-b", null)];
        foreach (CallOrigin other in others)
        {
            Assert.Equal("Found 10.1.2.3", await AskAsync(resolver, $"good.{other.From}.{other.Address}.example", other));
        }

        Assert.Equal("Found 10.1.2.9", await AskAsync(resolver, "hosts.example"));
        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(silent).WaitAsync(Guard));
        Assert.Equal("Found 10.1.2.3", await AskAsync(resolver, "good.again.example"));
        Assert.Equal(0, _source.UnderWay);
    }

    [Fact]
    public async Task Callers_of_a_peer_share_its_part_and_another_peer_has_its_own()
    {
        NameResolver resolver = Resolver(_source, places: Places);
        using CancellationTokenSource over = new();
        for (int caller = 0; caller < 100; caller++)
        {
            CallOrigin origin = CallOrigin.Of("site-b", new IPAddress([10, 8, 0, (byte)caller]));
            for (int i = 0; i < 20; i++)
            {
                _ = resolver.ResolveAsync($"n{i}.c{caller}.example", origin, over.Token);
            }
        }

        Assert.InRange(resolver.UnderWay, 2, Places / 2);
        Assert.Equal("Found 10.1.2.3", await AskAsync(resolver, "good.c.example", new CallOrigin("site-c", null)));
        Assert.Equal("Found 10.1.2.3", await AskAsync(resolver, "good.local.example"));
        Assert.Equal("Found 10.1.2.3", await AskAsync(resolver, "good.own.example", CallOrigin.Gateway));
        await over.CancelAsync();
    }

    [Fact]
    public async Task Those_that_wait_are_served_in_turn()
    {
        NameResolver resolver = Resolver(_source, places: 4);
        using CancellationTokenSource first = new();
        using CancellationTokenSource over = new();
        Task<NameAnswer> silent = resolver.ResolveAsync("n.example", Caller, first.Token);
        Task<NameAnswer>[] waiting = [.. Enumerable.Range(0, 50).Select(i => resolver.ResolveAsync($"good{i}.example", Caller, over.Token))];
        Assert.Equal(1, _source.UnderWay);
        await first.CancelAsync();
        Assert.All(await Task.WhenAll(waiting).WaitAsync(Guard), answer => Assert.Equal(NameStatus.Found, answer.Status));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => silent);
    }

    [Fact]
    public async Task Too_many_that_wait_are_told_so()
    {
        NameResolver resolver = Resolver(_source, places: 4);
        using CancellationTokenSource over = new();
        Task<NameAnswer>[] asked = [.. Enumerable.Range(0, 10_000).Select(i => resolver.ResolveAsync($"n{i}.example", Caller, over.Token))];
        Assert.Contains(asked, answer => answer is { IsCompletedSuccessfully: true, Result.Status: NameStatus.Busy });
        Assert.Equal("Found 10.1.2.3", await AskAsync(resolver, "good.example", new CallOrigin("site-c", null)));
        await over.CancelAsync();
    }

    [Fact]
    public async Task Equal_names_are_one_question_and_live_as_long_as_one_waits()
    {
        NameResolver resolver = Resolver(_source, places: Places);
        using CancellationTokenSource first = new();
        using CancellationTokenSource second = new();
        Task<NameAnswer> one = resolver.ResolveAsync("n.example", Caller, first.Token);
        Task<NameAnswer> two = resolver.ResolveAsync("n.example", new CallOrigin("site-c", null), second.Token);
        Assert.Equal(2, _source.Asked); // one of each family
        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        Assert.False(two.IsCompleted);
        Assert.Equal(1, resolver.UnderWay);
        _source.Answer("10.1.2.3");
        Assert.Equal(NameStatus.Found, (await two.WaitAsync(Guard)).Status);
    }

    [Fact]
    public async Task A_name_that_waits_in_one_queue_is_asked_in_another_turn()
    {
        NameResolver resolver = Resolver(_source, places: 4);
        using CancellationTokenSource over = new();
        Task<NameAnswer> silent = resolver.ResolveAsync("n.example", Caller, over.Token);
        Task<NameAnswer> waits = resolver.ResolveAsync("good.example", Caller, over.Token);
        Assert.Equal("Found 10.1.2.3", await AskAsync(resolver, "good.example", new CallOrigin("site-c", null)));
        Assert.False(waits.IsCompleted);
        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => silent);
    }

    /// <summary>Answers names that begin with "good" at once, and others when the test says so.</summary>
    private sealed class SilentSource : INameSource
    {
        private readonly TaskCompletionSource<FamilyAnswer> _answer = new();
        private int _asked;
        private int _underWay;

        public int Asked => Volatile.Read(ref _asked);

        public int UnderWay => Volatile.Read(ref _underWay) / 2;

        public IReadOnlyList<string> Candidates(string host) => [host];

        public void Answer(string address) => _answer.SetResult(FamilyAnswer.Of([IPAddress.Parse(address)]));

        public async Task<FamilyAnswer> AskAsync(string name, AddressFamily family, CancellationToken cancellation)
        {
            Interlocked.Increment(ref _asked);
            if (name.StartsWith("good", StringComparison.Ordinal))
            {
                return family == AddressFamily.InterNetwork ? FamilyAnswer.Of([IPAddress.Parse("10.1.2.3")]) : FamilyAnswer.None;
            }

            Interlocked.Increment(ref _underWay);
            try
            {
                return await _answer.Task.WaitAsync(cancellation);
            }
            finally
            {
                Interlocked.Decrement(ref _underWay);
            }
        }
    }
}
