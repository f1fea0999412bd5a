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
    public void Nobody_gets_in_without_a_user() => Assert.False(new ProxyUsers(new Dictionary<string, string>()).Check(new Login("", [])));

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
        Assert.Equal(good, users.Check(new Login(name, System.Text.Encoding.UTF8.GetBytes(password))));
    }

    [Theory]
    [InlineData("eve", "one", true)]
    [InlineData("adam", "two", true)]
    [InlineData("eve", "two", false)]
    [InlineData("adam", "one", false)]
    [InlineData("cain", "one", false)]
    public void A_user_may_have_a_hash_and_then_no_wrong_login_is_known_at_once(string name, string password, bool good)
    {
        ProxyUsers users = new(new Dictionary<string, string>
        {
            ["eve"] = PasswordHash.Create("one"u8, rounds: 1000).ToString(),
            ["adam"] = "two",
        });
        Login login = new(name, System.Text.Encoding.UTF8.GetBytes(password));
        Assert.Equal(name == "adam" && good ? true : null, users.CheckAtOnce(login));
        Assert.Equal(good, users.Check(login));
        Assert.Equal(good ? true : null, users.CheckAtOnce(login));
    }

    [Fact]
    public void A_remembered_password_does_not_let_another_one_in()
    {
        ProxyUsers users = new(new Dictionary<string, string> { ["eve"] = PasswordHash.Create("one"u8, rounds: 1000).ToString() });
        Assert.True(users.Check(new Login("eve", "one"u8.ToArray())));
        Assert.Null(users.CheckAtOnce(new Login("eve", "One"u8.ToArray())));
        Assert.False(users.Check(new Login("eve", "One"u8.ToArray())));
        Assert.True(users.CheckAtOnce(new Login("eve", "one"u8.ToArray())));
    }

    [Fact]
    public void The_text_of_a_login_does_not_tell_the_password() =>
        Assert.DoesNotContain("secret", new Login("eve", "secret"u8.ToArray()).ToString(), StringComparison.Ordinal);
}
