namespace IgsNetty.FunctionalTests.Harness;

/// <summary>What the called side lets the other side open; who that is follows from the mode.</summary>
internal sealed record AllowRule(string Destination, string Ports = "1-65535", string Protocol = "any");
