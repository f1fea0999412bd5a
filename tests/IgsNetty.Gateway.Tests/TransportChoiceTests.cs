using IgsNetty.Gateway.Configuration;
using Xunit;

namespace IgsNetty.Gateway.Tests;

public sealed class TransportChoiceTests
{
    [Fact]
    public void Auto_takes_epoll_where_it_can_be_had()
    {
        TransportChoice choice = TransportChoice.Make(TransportKind.Auto, string.Empty);
        Assert.Equal(TransportKind.Epoll, choice.Kind);
        Assert.StartsWith("auto: ", choice.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Auto_takes_sockets_elsewhere_and_says_why() =>
        Assert.Equal(new TransportChoice(TransportKind.Sockets, "auto: it is Tuesday"), TransportChoice.Make(TransportKind.Auto, "it is Tuesday"));

    [Theory]
    [InlineData(TransportKind.Sockets)]
    [InlineData(TransportKind.Epoll)]
    public void What_is_configured_is_taken(object wanted) =>
        Assert.Equal(new TransportChoice((TransportKind)wanted, "as configured"), TransportChoice.Make((TransportKind)wanted, string.Empty));
}
