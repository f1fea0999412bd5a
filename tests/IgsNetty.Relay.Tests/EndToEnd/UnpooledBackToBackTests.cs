namespace IgsNetty.Relay.Tests.EndToEnd;

/// <summary>Every buffer is seen on its own: none is leaked, none released twice.</summary>
public sealed class UnpooledBackToBackTests : BackToBackTests
{
    protected override int MostBytes => 700_000;
}
