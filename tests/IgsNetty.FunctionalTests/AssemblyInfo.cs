using System.Runtime.Versioning;
using Xunit;

// Each test runs two gateways, a client and a server: side by side they would measure the machine, not the program.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

// Signals, /proc and the tools that act as clients.
[assembly: SupportedOSPlatform("linux")]
