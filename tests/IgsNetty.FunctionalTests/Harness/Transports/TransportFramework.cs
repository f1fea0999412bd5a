using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace IgsNetty.FunctionalTests.Harness.Transports;

/// <summary>xUnit, but with every test once for each <see cref="Transport"/>: a test needs to do nothing for it.</summary>
public sealed class TransportFramework(IMessageSink messages) : XunitTestFramework(messages)
{
    protected override ITestFrameworkDiscoverer CreateDiscoverer(IAssemblyInfo assemblyInfo) =>
        new TransportDiscoverer(assemblyInfo, SourceInformationProvider, DiagnosticMessageSink);

    protected override ITestFrameworkExecutor CreateExecutor(AssemblyName assemblyName) =>
        new Executor(assemblyName, SourceInformationProvider, DiagnosticMessageSink);

    // A runner that does not look for tests first asks the executor for all of them.
    private sealed class Executor(AssemblyName assembly, ISourceInformationProvider sources, IMessageSink messages)
        : XunitTestFrameworkExecutor(assembly, sources, messages)
    {
        protected override ITestFrameworkDiscoverer CreateDiscoverer() =>
            new TransportDiscoverer(AssemblyInfo, SourceInformationProvider, DiagnosticMessageSink);
    }
}
