using IgsNetty.Gateway.Certificates;
using IgsNetty.Gateway.Commands.Certificates;
using IgsNetty.Gateway.Tests.Configuration;
using IgsNetty.Relay.Security;
using IgsNetty.TestKit.Diagnostics;
using IgsNetty.Transport.Tls;
using Microsoft.Extensions.Logging;
using Xunit;

namespace IgsNetty.Gateway.Tests.Certificates;

/// <summary>Files that change under a running gateway, and a certificate that ends.</summary>
public sealed class CertificateWatchTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly CapturingLogger _log = new();
    private readonly Clock _clock = new();
    private LinkTls _links = null!;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_that_stay_as_they_are_are_told_once()
    {
        using CertificateWatch watch = Start(365);
        LinkIdentity first = _links.Current;
        watch.Look();
        watch.Look();
        Assert.Same(first, _links.Current);
        Assert.Equal([1101], Ids());
    }

    [Fact]
    public void A_new_certificate_is_taken_into_use()
    {
        using CertificateWatch watch = Start(365);
        string before = Fingerprint();
        Issue(200);
        Assert.Equal(before, Fingerprint());
        watch.Look();
        Assert.NotEqual(before, Fingerprint());
        Assert.Equal([1101, 1101], Ids());
    }

    [Fact]
    public void What_is_no_good_is_told_once_and_changes_nothing()
    {
        using CertificateWatch watch = Start(365);
        string before = Fingerprint();
        string good = File.ReadAllText(Path.Combine(_folder.Path, "site-a.pem"));
        _folder.Write("site-a.pem", "nothing");
        watch.Look();
        watch.Look();
        Assert.Equal(before, Fingerprint());
        Assert.Equal([1101, 1102], Ids());
        Assert.Equal(LogLevel.Error, _log.Entries[1].Level);

        File.Delete(Path.Combine(_folder.Path, "site-a.pem"));
        watch.Look();
        watch.Look();
        Assert.Equal([1101, 1102, 1102], Ids());

        // The old one back again is as good as a new one.
        _folder.Write("site-a.pem", good);
        watch.Look();
        Assert.Equal([1101, 1102, 1102, 1101], Ids());
        Assert.Equal(before, Fingerprint());
    }

    [Fact]
    public void Half_of_a_change_waits_for_the_other_half()
    {
        using CertificateWatch watch = Start(365);
        string before = Fingerprint();
        string oldKey = File.ReadAllText(Path.Combine(_folder.Path, "site-a.key"));
        Issue(300);
        string newKey = File.ReadAllText(Path.Combine(_folder.Path, "site-a.key"));
        _folder.Write("site-a.key", oldKey);
        watch.Look();
        Assert.Equal(before, Fingerprint());
        _folder.Write("site-a.key", newKey);
        watch.Look();
        Assert.NotEqual(before, Fingerprint());
    }

    [Fact]
    public void Its_end_is_told_early_every_day_and_as_an_error_when_it_has_come()
    {
        using CertificateWatch watch = Start(365);
        Assert.Equal([1101], Ids());
        _clock.Now += TimeSpan.FromDays(335.5);
        watch.Look();
        Assert.Equal([1101, 1103], Ids());
        Assert.Contains("in 29 days", _log.Entries[1].Message, StringComparison.Ordinal);
        _clock.Now += TimeSpan.FromDays(1);
        watch.Look();
        Assert.Equal([1101, 1103, 1103], Ids());
        _clock.Now += TimeSpan.FromDays(29);
        watch.Look();
        Assert.Equal(1104, Ids()[^1]);
        Assert.Equal(LogLevel.Error, _log.Entries[^1].Level);
        Issue(800);
        watch.Look();
        Assert.Equal(1101, Ids()[^1]);
    }

    private int[] Ids() => [.. _log.Entries.Select(entry => entry.Id.Id)];

    private string Fingerprint() => LinkTrust.Fingerprint(_links.Current.Certificate.RawData);

    private CertificateWatch Start(int days)
    {
        Assert.Equal(0, CertCommand.Run(["authority", "--out", _folder.Path], TextWriter.Null, Console.Error));
        Issue(days);
        CertificateFiles files = new()
        {
            Name = "site-a",
            Certificate = Path.Combine(_folder.Path, "site-a.pem"),
            Key = Path.Combine(_folder.Path, "site-a.key"),
            Authority = Path.Combine(_folder.Path, "ca.pem"),
            Fingerprints = new HashSet<string>(),
            AllowsTls12 = false,
            Engine = TlsEngineKind.Auto,
            Listens = true,
            Dials = true,
        };
        IdentityLoader loader = new(files);
        _links = new LinkTls(loader.Load()!);
        return new CertificateWatch(files with { Content = loader.Content }, _links, _log, _clock);
    }

    private void Issue(int days) => Assert.Equal(
        0,
        CertCommand.Run(
            ["issue", "site-a", "--days", $"{days}", "--out", _folder.Path, "--force"], TextWriter.Null, Console.Error));

    /// <summary>Stands where it is put, and calls nobody: the test does.</summary>
    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UtcNow;

        public override DateTimeOffset GetUtcNow() => Now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            TimeProvider.System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
