using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.TestRunner;

/// <summary>xUnit's own settings, for a test that is found or run without a runner.</summary>
public sealed class UsualOptions : LongLivedMarshalByRefObject, ITestFrameworkDiscoveryOptions, ITestFrameworkExecutionOptions
{
    public TValue GetValue<TValue>(string name) => default!;

    public void SetValue<TValue>(string name, TValue value)
    {
    }
}
