using System.Net.Sockets;
using Xunit;

namespace IgsNetty.Transport.Tests.Harness;

/// <summary>A theory that forges ICMP messages: on Linux, by one who may.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RawSocketTheoryAttribute : TheoryAttribute
{
    public RawSocketTheoryAttribute()
    {
        try
        {
            using Socket socket = ForgedIcmp.OpenSocket();
            Skip = OperatingSystem.IsLinux() ? null! : "Linux only";
        }
        catch (SocketException)
        {
            Skip = "needs the right to open a raw socket";
        }
    }
}
