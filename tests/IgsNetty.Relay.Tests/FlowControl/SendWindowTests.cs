using IgsNetty.Relay.FlowControl;
using Xunit;

namespace IgsNetty.Relay.Tests.FlowControl;

/// <summary>docs/protocol.md §7, the sender's side.</summary>
public sealed class SendWindowTests
{
    [Theory]
    [InlineData(0, 1, true)]
    [InlineData(0, int.MaxValue, true)]
    [InlineData(1, int.MaxValue, false)]
    [InlineData(int.MaxValue, 1, false)]
    [InlineData(int.MaxValue, 0, true)]
    [InlineData(int.MaxValue - 5, 5, true)]
    [InlineData(int.MaxValue - 5, 6, false)]
    [InlineData(10, -1, false)]
    [InlineData(10, int.MinValue, false)]
    public void Credit_adds_up_to_2_to_the_31_less_1(int initial, int increment, bool good)
    {
        SendWindow window = new(initial);
        Assert.Equal(good, window.TryAdd(increment));
        Assert.Equal(good ? initial + increment : initial, window.Available);
    }

    [Fact]
    public void What_is_spent_makes_room_for_more()
    {
        SendWindow window = new(int.MaxValue);
        window.Consume(100);
        Assert.Equal(int.MaxValue - 100, window.Available);
        Assert.False(window.TryAdd(101));
        Assert.True(window.TryAdd(100));
        window.Consume(int.MaxValue);
        Assert.Equal(0, window.Available);
    }
}
