using IgsNetty.Endpoints.Proxy;
using IgsNetty.Gateway.Commands;
using Xunit;

namespace IgsNetty.Gateway.Tests.Commands;

public sealed class HashPasswordTests
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    [Fact]
    public void The_output_is_the_hash_alone()
    {
        Assert.Equal(ExitCode.Success, Run(isTyped: false, "secret"));
        Assert.True(PasswordHash.TryParse(_output.ToString().TrimEnd(), out PasswordHash hash, out string error), error);
        Assert.True(hash.Matches("secret"u8));
        Assert.Empty(_error.ToString());
    }

    [Fact]
    public void A_typed_one_is_asked_for_twice()
    {
        Assert.Equal(ExitCode.Usage, Run(isTyped: true, "secret", "sceret"));
        Assert.Empty(_output.ToString());
        Assert.DoesNotContain("sec", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Success, Run(isTyped: true, "secret", "secret"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void None_is_an_error(string? password) => Assert.Equal(ExitCode.Usage, Run(isTyped: false, password));

    [Fact]
    public void One_that_no_client_can_send_is_an_error() => Assert.Equal(ExitCode.Usage, Run(isTyped: false, new string('\u00e9', 128)));

    private int Run(bool isTyped, params string?[] typed)
    {
        Queue<string?> answers = new(typed);
        return HashPasswordCommand.Run(_ => answers.Dequeue(), isTyped, _output, _error);
    }
}
