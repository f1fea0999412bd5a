using System.Diagnostics;
using System.Reflection;
using Xunit.Sdk;

namespace IgsNetty.TestRunner.Network;

/// <summary>Runs a test in a process of its own, in a <see cref="PrivateNetwork"/>, and reports it as if it had run here.</summary>
public sealed class PrivateNetworkRunner(
    IXunitTestCase test,
    object[] constructorArguments,
    IMessageBus messageBus,
    ExceptionAggregator aggregator,
    CancellationTokenSource cancellation)
    : XunitTestCaseRunner(test, test.DisplayName, test.SkipReason, constructorArguments, test.TestMethodArguments, messageBus, aggregator, cancellation)
{
    protected override XunitTestRunner CreateTestRunner(
        Xunit.Abstractions.ITest test,
        IMessageBus messageBus,
        Type testClass,
        object[] constructorArguments,
        MethodInfo testMethod,
        object[] testMethodArguments,
        string skipReason,
        IReadOnlyList<BeforeAfterTestAttribute> beforeAfterAttributes,
        ExceptionAggregator aggregator,
        CancellationTokenSource cancellationTokenSource) =>
        new Runner(
            test, messageBus, testClass, constructorArguments, testMethod, testMethodArguments, skipReason, beforeAfterAttributes, aggregator, cancellationTokenSource);

    private sealed class Runner(
        Xunit.Abstractions.ITest test,
        IMessageBus messageBus,
        Type testClass,
        object[] constructorArguments,
        MethodInfo testMethod,
        object[] testMethodArguments,
        string skipReason,
        IReadOnlyList<BeforeAfterTestAttribute> beforeAfterAttributes,
        ExceptionAggregator aggregator,
        CancellationTokenSource cancellation)
        : XunitTestRunner(
            test, messageBus, testClass, constructorArguments, testMethod, testMethodArguments, skipReason, beforeAfterAttributes, aggregator, cancellation)
    {
        // A hang guard, below the one of the whole run (Directory.Build.props).
        private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

        protected override async Task<Tuple<decimal, string>> InvokeTestAsync(ExceptionAggregator aggregator)
        {
            Stopwatch watch = Stopwatch.StartNew();
            string output = string.Empty;
            await aggregator.RunAsync(async () => output = await RunProcessAsync());
            return Tuple.Create((decimal)watch.Elapsed.TotalSeconds, output);
        }

        private async Task<string> RunProcessAsync()
        {
            string host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
            ProcessStartInfo start = PrivateNetwork.Enter(host, "exec", TestClass.Assembly.Location, SerializationHelper.Serialize(TestCase));
            using Process process = Process.Start(start)!;
            using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(CancellationTokenSource.Token);
            limit.CancelAfter(Limit);
            try
            {
                Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
                string output = await process.StandardOutput.ReadToEndAsync(limit.Token) + await error;
                await process.WaitForExitAsync(limit.Token);
                return process.ExitCode == PrivateNetworkProgram.Passed
                    ? output
                    : throw new InvalidOperationException($"The test failed in its network namespace (exit {process.ExitCode}): {output}");
            }
            finally
            {
                if (!process.HasExited)
                {
                    process.Kill(entireProcessTree: true);
                }
            }
        }
    }
}
