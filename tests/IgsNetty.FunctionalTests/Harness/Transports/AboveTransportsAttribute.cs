namespace IgsNetty.FunctionalTests.Harness.Transports;

/// <summary>
/// What the tests of the class are of does not depend on the transport, or each transport's own tests show it too: they run on the native
/// one, and on all with <c>IGSNETTY_TEST_FULL=1</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class AboveTransportsAttribute : Attribute;
