using System.Runtime.Versioning;
using IgsNetty.FunctionalTests.Harness.Transports;
using Xunit;

[assembly: TestFramework($"IgsNetty.FunctionalTests.Harness.Transports.{nameof(TransportFramework)}", "IgsNetty.FunctionalTests")]

// Many tests wait: for a gateway to start, for a timeout to pass. More at a time than this only wait for the processor.
[assembly: CollectionBehavior(MaxParallelThreads = 6)]

// Signals, /proc and the tools that act as clients.
[assembly: SupportedOSPlatform("linux")]
