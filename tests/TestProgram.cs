using IgsNetty.TestRunner.Network;

/// <summary>A test assembly as a program: it runs one test, for <see cref="PrivateNetwork"/>.</summary>
file static class TestProgram
{
    private static int Main(string[] arguments) => PrivateNetworkProgram.Run(arguments);
}
