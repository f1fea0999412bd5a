using System.Runtime.Versioning;
using IgsNetty.FunctionalTests.Harness.Transports;
using Xunit;

[assembly: TestFramework($"IgsNetty.FunctionalTests.Harness.Transports.{nameof(TransportFramework)}", "IgsNetty.SpecTests")]
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
[assembly: SupportedOSPlatform("linux")]
