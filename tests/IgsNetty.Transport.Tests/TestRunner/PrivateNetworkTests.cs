using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using IgsNetty.TestRunner.Network;
using IgsNetty.TestRunner;
using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace IgsNetty.Transport.Tests.TestRunner;

public sealed class PrivateNetworkTests
{
    private const string Reason = "failed on purpose";

    [PrivateNetworkFact]
    public async Task A_test_its_pool_and_its_child_processes_share_a_namespace_that_is_not_the_runners()
    {
        string own = NamespaceOf("self");
        string parent = File.ReadLines("/proc/self/status").Single(line => line.StartsWith("PPid:", StringComparison.Ordinal))[5..].Trim();
        using Process child = Process.Start(new ProcessStartInfo("readlink", "/proc/self/ns/net") { RedirectStandardOutput = true })!;

        Assert.NotEqual(NamespaceOf(parent), own);
        Assert.Equal(own, await Task.Run(() => NamespaceOf("thread-self")));
        Assert.Equal(own, (await child.StandardOutput.ReadToEndAsync()).Trim());
    }

    [PrivateNetworkTheory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void Loopback_reports_every_datagram_to_a_closed_port(string address)
    {
        const int Datagrams = 2000; // kernels that limit errors on loopback too send some 50, and then 1000 per second
        IPEndPoint closed = new(IPAddress.Parse(address), 9);
        using Socket socket = new(closed.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 60_000 };
        socket.Connect(closed);
        for (int i = 0; i < Datagrams; i++)
        {
            socket.Send([1]);
            SocketException report = Assert.Throws<SocketException>(() => socket.Receive(new byte[1]));
            Assert.Equal(SocketError.ConnectionRefused, report.SocketErrorCode);
        }
    }

    [TheoryWithNamespaces]
    [InlineData(nameof(Samples.Passes), true)]
    [InlineData(nameof(Samples.Fails), false)]
    [InlineData(nameof(Samples.Exits), false)]
    public async Task A_test_is_reported_as_it_ended_in_its_process(string method, bool passes)
    {
        Messages messages = new();
        using CancellationTokenSource cancellation = new();
        PrivateNetworkTest test = new(new Xunit.Sdk.NullMessageSink(), new UsualOptions(), MethodOf(method));

        RunSummary summary = await test.RunAsync(new Xunit.Sdk.NullMessageSink(), messages, [], new ExceptionAggregator(), cancellation);

        Assert.Equal((1, passes ? 0 : 1, 0), (summary.Total, summary.Failed, summary.Skipped));
        Assert.Equal(passes ? 1 : 0, messages.All.OfType<ITestPassed>().Count());
        Assert.Equal(method == nameof(Samples.Fails), messages.All.OfType<ITestFailed>().Any(f => f.Messages[0].Contains(Reason, StringComparison.Ordinal)));
    }

    private static string NamespaceOf(string process) => new FileInfo($"/proc/{process}/ns/net").LinkTarget!;

    private static TestMethod MethodOf(string name)
    {
        TestAssembly assembly = new(Reflector.Wrap(Assembly.GetExecutingAssembly()));
        TestCollection collection = new(assembly, null, "samples");
        TestClass samples = new(collection, Reflector.Wrap(typeof(Samples)));
        return new TestMethod(samples, samples.Class.GetMethod(name, includePrivateMethod: false));
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class TheoryWithNamespacesAttribute : TheoryAttribute
    {
        public TheoryWithNamespacesAttribute() => Skip = PrivateNetwork.MissingReason!;
    }

    private sealed class Messages : LongLivedMarshalByRefObject, IMessageBus
    {
        public List<IMessageSinkMessage> All { get; } = [];

        public bool QueueMessage(IMessageSinkMessage message)
        {
            All.Add(message);
            return true;
        }

        public void Dispose()
        {
        }
    }

#pragma warning disable xUnit1000 // The runner does not find it: only the tests above run it.
    private sealed class Samples
    {
        [PrivateNetworkFact]
        public void Passes() => Assert.True(PrivateNetwork.IsInside);

        [PrivateNetworkFact]
        public void Fails() => Assert.Fail(Reason);

        [PrivateNetworkFact]
        public void Exits() => Environment.Exit(0);
    }
#pragma warning restore xUnit1000
}
