namespace IgsNetty.FunctionalTests.Harness.Transports;

/// <summary>
/// What <c>Gateway:Transport</c> may be: every test of this project runs once with each, and its name says with which.
/// </summary>
internal sealed record Transport(string Name)
{
    /// <summary>The trait that <c>--filter Transport=NAME</c> looks at.</summary>
    public const string Trait = nameof(Transport);

    public const string Epoll = "epoll";

    private const string Sockets = "sockets";

    private static readonly AsyncLocal<Transport?> Running = new();

    public static IReadOnlyList<Transport> All { get; } = [new(Sockets), new(Epoll)];

    /// <summary>The one that a gateway takes by itself on this machine.</summary>
    public static Transport Native => All.Last(transport => transport.MissingReason is null);

    /// <summary>The one that the running test is to use. It follows the test wherever it awaits.</summary>
    public static Transport Current => Running.Value ?? throw new InvalidOperationException("Asked for outside of a test.");

    /// <summary>Why this machine cannot have it, or null.</summary>
    public string? MissingReason =>
        Name == Sockets || OperatingSystem.IsLinux() ? null : $"the transport '{Name}' is Linux's; this is {Environment.OSVersion}";

    /// <summary>From here on the caller, an asynchronous method, runs a test with this one.</summary>
    public void Use() => Running.Value = this;
}
