using System.Security.Cryptography;
using System.Text;
using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace IgsNetty.TestRunner;

/// <summary>
/// With <c>IGSNETTY_TEST_SEED</c> set, collections and the tests of a class run in an order that follows from the seed; without it, in
/// xUnit's own. Tests that depend on each other fail in some order, and the same seed shows it again.
/// </summary>
public sealed class RandomOrder : ITestCaseOrderer, ITestCollectionOrderer
{
    private const string Variable = "IGSNETTY_TEST_SEED";

    private static readonly DefaultTestCaseOrderer UsualCases = new(new Xunit.Sdk.NullMessageSink());
    private static readonly DefaultTestCollectionOrderer UsualCollections = new();

    private readonly string? _seed = Environment.GetEnvironmentVariable(Variable);

    public RandomOrder(IMessageSink messages)
    {
        if (!string.IsNullOrEmpty(_seed))
        {
            messages.OnMessage(new DiagnosticMessage($"{Variable}={_seed}"));
        }
    }

    public IEnumerable<TTestCase> OrderTestCases<TTestCase>(IEnumerable<TTestCase> testCases)
        where TTestCase : ITestCase =>
        string.IsNullOrEmpty(_seed) ? UsualCases.OrderTestCases(testCases) : testCases.OrderBy(test => Rank(test.DisplayName), StringComparer.Ordinal);

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) => string.IsNullOrEmpty(_seed)
        ? UsualCollections.OrderTestCollections(testCollections)
        : testCollections.OrderBy(collection => Rank(collection.DisplayName), StringComparer.Ordinal);

    // A hash of the name, so the order does not depend on that of discovery.
    private string Rank(string name) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{_seed} {name}")));
}
