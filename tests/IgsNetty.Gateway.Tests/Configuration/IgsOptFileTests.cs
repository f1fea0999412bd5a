using System.Text;
using IgsNetty.Gateway.Configuration;
using Xunit;

namespace IgsNetty.Gateway.Tests.Configuration;

public sealed class IgsOptFileTests : IDisposable
{
    private const string Forward = """{ "Forwards": [ { "Name": "w", "Listen": "127.0.0.1:0", "Target": "a:1" } ] }""";

    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData("igsproxyoption on", true)]
    [InlineData("igsproxyoption off", false)]
    [InlineData("IgsProxyOption\tON\r\n", true)]
    [InlineData("igsproxyoption=on", true)]
    [InlineData("  igsproxyoption = on  # open it", true)]
    [InlineData("# igsproxyoption on\n\nigsproxyoption off\n", false)]
    [InlineData("", false)]
    [InlineData("#igsproxyoption on", false)]
    [InlineData("# the proxy\rigsproxyoption on\r", true)]
    [InlineData("igsproxyoption on # open it\r# and no more", true)]
    public void Opens_or_closes_the_proxy(string text, bool enabled)
    {
        GatewayConfiguration configuration = Loading.Valid(Load(text));
        Assert.Equal(enabled, configuration.Proxy.Enabled);
        Assert.Empty(configuration.Warnings);
    }

    [Theory]
    [InlineData("igsproxyoption yes", 1, "igsproxyoption must be on or off, not 'yes'")]
    [InlineData("\n\nigsproxyoption", 3, "igsproxyoption must be on or off, not ''")]
    [InlineData("igsproxyoption on off", 1, "not 'on off'")]
    public void A_bad_value_is_an_error(string text, int line, string part) =>
        Loading.OneError(Load(text), $"{Path.Combine(_folder.Path, "igsopt.conf")}:{line}", part);

    [Theory]
    [InlineData("igsproxyoption\u3000off", 1, "has characters other than ASCII")]
    [InlineData("igslog 3\n\u3000igsproxyoption off", 2, "has characters other than ASCII")]
    [InlineData("igsproxyoption\u00a0off", 1, "has characters other than ASCII")]
    [InlineData("\uff49\uff47\uff53proxyoption off", 1, "has characters other than ASCII")]
    [InlineData("igsproxy\u200boption off", 1, "has characters other than ASCII")]
    [InlineData("\u2060igsproxyoption off", 1, "has characters other than ASCII")]
    [InlineData("igsproxyoption off\u3000", 1, "igsproxyoption must be on or off")]
    [InlineData("igsproxyoption\voff", 1, "has characters other than ASCII")]
    [InlineData("igslog 3\rigsproxyoption\u3000off", 2, "has characters other than ASCII")]
    [InlineData("igslog 3\r\nigsproxyoption:off", 2, "did you mean igsproxyoption?")]
    [InlineData(";igsproxyoption off", 1, "did you mean igsproxyoption?")]
    [InlineData("igsproxyoptin off", 1, "did you mean igsproxyoption?")]
    [InlineData("igsproxyoptionoff", 1, "did you mean igsproxyoption?")]
    [InlineData("set igsproxyoption off", 1, "did you mean igsproxyoption?")]
    public void A_line_that_may_mean_the_proxy_option_is_an_error(string text, int line, string part) =>
        Loading.OneError(Load(text), $"{Path.Combine(_folder.Path, "igsopt.conf")}:{line}", part);

    [Theory]
    [InlineData("utf-16", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-16BE", false)]
    [InlineData("utf-32", true)]
    [InlineData("utf-32", false)]
    public void A_file_of_wide_characters_is_one_error(string encodingName, bool hasMark)
    {
        Encoding encoding = Encoding.GetEncoding(encodingName);
        byte[] text = encoding.GetBytes("# the proxy\r\nigsproxyoption off\r\n");
        string file = _folder.WriteBytes("igsopt.conf", hasMark ? [.. encoding.GetPreamble(), .. text] : text);
        ConfigurationResult result = ConfigurationLoader.Load(_folder.Write("c.json", Forward), file, [], Loading.NoEnvironment);
        Loading.OneError(result, file, "is not a text file of ASCII or UTF-8");
    }

    [Fact]
    public void A_blank_of_Shift_JIS_is_an_error()
    {
        string file = _folder.WriteBytes("igsopt.conf", [.. "igsproxyoption"u8, 0x81, 0x40, .. "off"u8]);
        ConfigurationResult result = ConfigurationLoader.Load(_folder.Write("c.json", Forward), file, [], Loading.NoEnvironment);
        Loading.OneError(result, $"{file}:1", "has characters other than ASCII");
    }

    [Fact]
    public void Values_of_other_keys_may_be_in_any_encoding() =>
        Assert.Single(Loading.Valid(Load("igslog C:\\\u30ed\u30b0\nigsproxyoption off")).Warnings);

    [Fact]
    public void Other_keys_and_repeated_ones_are_warnings()
    {
        GatewayConfiguration configuration = Loading.Valid(Load("igslog 3\nigsproxyoption off\nigsproxyoption on\n"));
        Assert.True(configuration.Proxy.Enabled);
        string file = Path.Combine(_folder.Path, "igsopt.conf");
        Assert.Equal(
            [$"{file}:1: 'igslog' is not known and is left out; of igsopt.conf only igsproxyoption is read", $"{file}:3: igsproxyoption stands in the file twice; this line counts"],
            configuration.Warnings);
    }

    [Fact]
    public void Comments_in_any_encoding_are_skipped()
    {
        // "# プロキシュ" in Shift-JIS, with a 0x85.
        byte[] comment = [0x23, 0x20, 0x83, 0x76, 0x83, 0x8D, 0x83, 0x4C, 0x83, 0x56, 0x83, 0x85, 0x0D, 0x0A];
        string file = _folder.WriteBytes("igsopt.conf", [.. Encoding.UTF8.Preamble, .. comment, .. "igsproxyoption on"u8]);
        Assert.True(Loading.Valid(ConfigurationLoader.Load(_folder.Write("c.json", Forward), file, [], Loading.NoEnvironment)).Proxy.Enabled);
    }

    [Fact]
    public void A_missing_file_is_an_error_and_the_rest_is_still_read()
    {
        string missing = Path.Combine(_folder.Path, "no.conf");
        ConfigurationResult result = ConfigurationLoader.Load(null, missing, ["--Gateway:Loops=x"], Loading.NoEnvironment);
        Assert.Equal([missing, "Gateway:Loops"], result.Errors.Select(e => e.Key));
        Assert.Contains("there is no such file; name an igsopt.conf", result.Errors[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Off_closes_the_built_in_proxy_too() => Loading.OneError(
        ConfigurationLoader.Load(null, _folder.Write("igsopt.conf", "igsproxyoption off"), [], Loading.NoEnvironment), "", "nothing to do");

    public void Dispose() => _folder.Dispose();

    private ConfigurationResult Load(string text) => ConfigurationLoader.Load(
        _folder.Write("igsnetty.json", Forward), _folder.Write("igsopt.conf", text), [], Loading.NoEnvironment);
}
