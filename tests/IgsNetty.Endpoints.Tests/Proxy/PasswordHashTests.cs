using System.Text;
using IgsNetty.Endpoints.Proxy;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Proxy;

public sealed class PasswordHashTests
{
    // Made by passlib, whose form this is: it stands in its documentation.
    private const string Passlib = "$pbkdf2-sha256$29000$N2YMIWQsBWBMae09x1jrPQ$1t8iyB2A.WF/Z5JZv.lfCIhXXN33N23OSgQYThBYRfk";

    [Theory]
    [InlineData("toomanysecrets", true)]
    [InlineData("Toomanysecrets", false)]
    [InlineData("", false)]
    public void A_hash_of_passlib_is_understood(string password, bool matches)
    {
        Assert.True(PasswordHash.TryParse(Passlib, out PasswordHash hash, out string error), error);
        Assert.Equal(matches, hash.Matches(Encoding.UTF8.GetBytes(password)));
        Assert.Equal(Passlib, hash.ToString());
    }

    [Fact]
    public void A_new_one_has_a_salt_of_its_own_and_is_read_back()
    {
        PasswordHash first = PasswordHash.Create("secret"u8, rounds: 1000);
        PasswordHash second = PasswordHash.Create("secret"u8, rounds: 1000);
        Assert.NotEqual(first.ToString(), second.ToString());
        Assert.True(PasswordHash.TryParse(first.ToString(), out PasswordHash read, out string error), error);
        Assert.True(read.Matches("secret"u8));
        Assert.False(read.Matches("secret "u8));
        Assert.False(read.Decoy().Matches("secret"u8));
    }

    [Theory]
    [InlineData("$pbkdf2-sha256$")]
    [InlineData("$pbkdf2-sha256$6400$0ZrzXitFSGltTQnBWOsdeQ")]
    [InlineData("$pbkdf2-sha256$999$0ZrzXitFSGltTQnBWOsdeQ$Y11AchqV4b0sUisdZd0Xr97KWoymNE0LNNrnEgY4H9M")]
    [InlineData("$pbkdf2-sha256$10000001$0ZrzXitFSGltTQnBWOsdeQ$Y11AchqV4b0sUisdZd0Xr97KWoymNE0LNNrnEgY4H9M")]
    [InlineData("$pbkdf2-sha256$-6400$0ZrzXitFSGltTQnBWOsdeQ$Y11AchqV4b0sUisdZd0Xr97KWoymNE0LNNrnEgY4H9M")]
    [InlineData("$pbkdf2-sha256$6400$0Zrz$Y11AchqV4b0sUisdZd0Xr97KWoymNE0LNNrnEgY4H9M")]
    [InlineData("$pbkdf2-sha256$6400$0ZrzXitFSGltTQnBWOsdeQ$Y11AchqV4b0s")]
    [InlineData("$pbkdf2-sha256$6400$0Zrz!itFSGltTQnBWOsdeQ$Y11AchqV4b0sUisdZd0Xr97KWoymNE0LNNrnEgY4H9M")]
    [InlineData("$pbkdf2-sha256$6400$0ZrzXitFSGltTQnBWOsdeQ$Y11AchqV4b0sUisdZd0Xr97KWoymNE0LNNrnEgY4H9M$")]
    public void What_only_begins_like_one_is_refused_without_being_repeated(string text)
    {
        Assert.False(PasswordHash.TryParse(text, out _, out string error));
        Assert.DoesNotContain("0ZrzX", error, StringComparison.Ordinal);
        Assert.Contains("hash-password", error, StringComparison.Ordinal);
    }
}
