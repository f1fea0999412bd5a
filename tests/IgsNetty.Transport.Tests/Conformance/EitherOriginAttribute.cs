using System.Reflection;
using Xunit.Sdk;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>Runs a theory on an accepted and on a dialled socket, for each of the further values if there are any.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EitherOriginAttribute(params object[] values) : DataAttribute
{
    /// <summary>Values of the theory's second parameter.</summary>
    public IReadOnlyList<object> Values { get; } = values;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod)
    {
        foreach (Origin origin in Enum.GetValues<Origin>())
        {
            if (Values.Count == 0)
            {
                yield return [origin];
            }

            foreach (object value in Values)
            {
                yield return [origin, value];
            }
        }
    }
}
