using System.Reflection;
using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace IgsNetty.TestRunner.Network;

/// <summary>What a test assembly does when it is started as a program: it runs the test that its argument describes.</summary>
public static class PrivateNetworkProgram
{
    /// <summary>The exit code of a test that passed. A test that ends its process with 0 did not pass.</summary>
    public const int Passed = 87;

    /// <summary>Runs the test, and prints what it printed and how it failed.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(string[] arguments)
    {
        if (arguments.Length != 1 || !PrivateNetwork.IsInside)
        {
            Console.Error.WriteLine("This is a test assembly. Run it with: dotnet test");
            return 2;
        }

        AssemblyName assembly = Assembly.GetEntryAssembly()!.GetName();
        using Results results = new();
        using TestFrameworkProxy framework = new(Reflector.Wrap(Assembly.GetEntryAssembly()!), null, results);
        using ITestFrameworkExecutor executor = framework.GetExecutor(assembly);
        executor.RunTests([executor.Deserialize(arguments[0])], results, new UsualOptions());
        return results.Await();
    }

    private sealed class Results : LongLivedMarshalByRefObject, IMessageSink, IDisposable
    {
        private readonly ManualResetEventSlim _finished = new();
        private int _passed;
        private int _others;

        public bool OnMessage(IMessageSinkMessage message)
        {
            switch (message)
            {
                case ITestPassed passed:
                    Console.Out.Write(passed.Output);
                    _passed++;
                    break;
                case ITestSkipped skipped:
                    Console.Out.WriteLine($"skipped: {skipped.Reason}");
                    _others++;
                    break;
                case ITestFailed failed:
                    Console.Out.Write(failed.Output);
                    _others++;
                    break;
                case ITestAssemblyFinished:
                    _finished.Set();
                    break;
            }

            if (message is IFailureInformation failure)
            {
                Console.Out.WriteLine(ExceptionUtility.CombineMessages(failure));
                Console.Out.WriteLine(ExceptionUtility.CombineStackTraces(failure));
                _others++;
            }

            return true;
        }

        public int Await()
        {
            _finished.Wait();
            return _passed > 0 && _others == 0 ? Passed : 1;
        }

        public void Dispose() => _finished.Dispose();
    }
}
