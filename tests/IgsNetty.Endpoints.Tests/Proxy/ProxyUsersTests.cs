using IgsNetty.Endpoints.Proxy;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Proxy;

public sealed class ProxyUsersTests
{
    [Fact]
    public void They_are_required_when_there_are_any()
    {
        Assert.False(new ProxyUsers(new Dictionary<string, string>()).AreRequired);
        Assert.True(new ProxyUsers(new Dictionary<string, string> { ["eve"] = "" }).AreRequired);
    }

    [Fact]
    public void Nobody_gets_in_without_a_user() => Assert.False(new ProxyUsers(new Dictionary<string, string>()).Check("", ""u8));

    [Theory]
    [InlineData("eve", "one", true)]
    [InlineData("adam", "two", true)]
    [InlineData("eve", "two", false)]
    [InlineData("EVE", "one", false)]
    [InlineData("eve", "one ", false)]
    [InlineData("cain", "one", false)]
    public void Name_and_password_are_a_pair(string name, string password, bool good)
    {
        ProxyUsers users = new(new Dictionary<string, string> { ["eve"] = "one", ["adam"] = "two" });
        Assert.Equal(good, users.Check(name, System.Text.Encoding.UTF8.GetBytes(password)));
    }
}
