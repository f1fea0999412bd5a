using System.Runtime.Versioning;
using IgsNetty.FunctionalTests.Harness.Transports;
using Xunit;

[assembly: TestFramework($"IgsNetty.FunctionalTests.Harness.Transports.{nameof(TransportFramework)}", "IgsNetty.FunctionalTests")]

// Most tests wait most of the time: for a gateway to start, for a timeout to pass.
[assembly: CollectionBehavior(MaxParallelThreads = 6)]

// Signals, /proc and the tools that act as clients.
[assembly: SupportedOSPlatform("linux")]
