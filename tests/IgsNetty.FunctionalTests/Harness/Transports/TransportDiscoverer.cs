using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace IgsNetty.FunctionalTests.Harness.Transports;

/// <summary>Finds the tests of a class once for each transport that they are for.</summary>
internal sealed class TransportDiscoverer(IAssemblyInfo assembly, ISourceInformationProvider sources, IMessageSink messages)
    : XunitTestFrameworkDiscoverer(assembly, sources, messages)
{
    protected override bool FindTestsForType(
        ITestClass testClass, bool includeSourceInformation, IMessageBus messageBus, ITestFrameworkDiscoveryOptions discoveryOptions)
    {
        string? only = testClass.Class.GetCustomAttributes(typeof(OnlyOnAttribute)).SingleOrDefault()?.GetNamedArgument<string>(nameof(OnlyOnAttribute.Transport));
        bool isAbove = testClass.Class.GetCustomAttributes(typeof(AboveTransportsAttribute)).Any();
        only ??= isAbove && !TestScale.IsFull ? Transport.Native.Name : null;
        foreach (Transport transport in Transport.All.Where(transport => only is null || transport.Name == only))
        {
            TestClass copy = new(Collection(testClass.TestCollection, transport), testClass.Class);
            FactDiscoverer facts = new TransportFacts(DiagnosticMessageSink, transport);
            TheoryDiscoverer theories = new TransportTheories(DiagnosticMessageSink, transport);
            foreach (IMethodInfo method in copy.Class.GetMethods(includePrivateMethods: true))
            {
                if (method.GetCustomAttributes(typeof(FactAttribute)).SingleOrDefault() is not IReflectionAttributeInfo attribute)
                {
                    continue;
                }

                IXunitTestCaseDiscoverer discoverer = attribute.Attribute is TheoryAttribute ? theories : facts;
                foreach (IXunitTestCase test in discoverer.Discover(discoveryOptions, new TestMethod(copy, method), attribute))
                {
                    if (IsLeftOut(test, transport))
                    {
                        continue;
                    }

                    if (!ReportDiscoveredTestCase(test, includeSourceInformation, messageBus))
                    {
                        return false;
                    }
                }
            }
        }

        return true;
    }

    // On the portable transport one gateway does nothing that two of them do not do, and a call is the same behind every entry.
    private static bool IsLeftOut(IXunitTestCase test, Transport transport) =>
        !TestScale.IsFull && transport != Transport.Native && test.TestMethodArguments is { } values
        && values.Any(value => value is RelayMode.OneGateway or Entry.Socks5 or Entry.HttpConnect);

    // Both halves of a class may run side by side, unless it is in a collection for the sake of others.
    private static ITestCollection Collection(ITestCollection collection, Transport transport) => collection.CollectionDefinition is null
        ? new TestCollection(collection.TestAssembly, null, $"{collection.DisplayName} on {transport.Name}")
        : collection;
}
