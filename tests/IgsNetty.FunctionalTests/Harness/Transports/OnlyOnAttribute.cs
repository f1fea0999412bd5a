namespace IgsNetty.FunctionalTests.Harness.Transports;

/// <summary>The tests of the class run on this transport only: they are of something that only it does, and the documentation says so.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OnlyOnAttribute(string transport) : Attribute
{
    public string Transport { get; } = transport;
}
