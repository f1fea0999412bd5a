using System.Net;
using System.Net.Sockets;
using Xunit;

namespace IgsNetty.FunctionalTests.Harness;

/// <summary>A theory that is skipped where the machine has no IPv6 loopback, as many containers do not.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresIPv6TheoryAttribute : TheoryAttribute
{
    public RequiresIPv6TheoryAttribute()
    {
        try
        {
            using Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        }
        catch (SocketException e)
        {
            Skip = $"no IPv6 loopback on this machine: {e.Message}";
        }
    }
}
