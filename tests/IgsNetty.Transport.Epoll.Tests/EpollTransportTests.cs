using System.Runtime.InteropServices;
using Xunit;

namespace IgsNetty.Transport.Epoll.Tests;

public sealed class EpollTransportTests
{
    [Theory]
    [InlineData(true, Architecture.X64, "")]
    [InlineData(true, Architecture.Arm64, "")]
    [InlineData(true, Architecture.X86, "is for x64 and arm64, and this is X86")]
    [InlineData(false, Architecture.X64, "is Linux's, and this is")]
    public void Says_where_it_cannot_be_had_and_why(bool isLinux, Architecture processor, string part)
    {
        string obstacle = EpollTransport.Obstacle(isLinux, processor);
        Assert.Equal(part.Length == 0, obstacle.Length == 0);
        Assert.Contains(part, obstacle, StringComparison.Ordinal);
    }
}
