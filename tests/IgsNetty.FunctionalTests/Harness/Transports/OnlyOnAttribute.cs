namespace IgsNetty.FunctionalTests.Harness.Transports;

/// <summary>The tests of the class are of something that only this transport does, and the documentation says so.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OnlyOnAttribute(string transport) : Attribute
{
    public string Transport { get; } = transport;
}
