using System.Text;
using IgsNetty.Gateway.Configuration;
using Xunit;

namespace IgsNetty.Gateway.Tests.Configuration;

/// <summary>Files that cannot be read, or are not JSON.</summary>
public sealed class BadFileTests
{
    [Theory]
    [InlineData("", "line 1, column 1: the file is empty")]
    [InlineData(" \n", "the file is empty")]
    [InlineData("[ ]", "it must hold one section { … }, not a list or a single value")]
    [InlineData("12", "it must hold one section { … }")]
    [InlineData("{\n  \"Proxy\": {\n", "line 3, column 1: the file ends too early; a closing '}', ']' or '\"' is missing")]
    [InlineData("{ \"Proxy\": \"x", "the file ends too early")]
    [InlineData("{ \"Gateway\": { \"Name\": \"a\"\n  \"Loops\": 1 } }", "line 2, column 3: a ',' is missing before this '\"'")]
    [InlineData("{ \"Gateway\": { \"Näme\": \"ä\" \"Loops\": 1 } }", "line 1, column 28: a ',' is missing")]
    [InlineData("{\r\n  Proxy: { } }", "line 2, column 3: 'P' is not expected here; texts and keys stand in double quotes")]
    [InlineData("{ 'Proxy': { } }", "line 1, column 3: single quotes do not hold a text; use '\"'")]
    [InlineData("{ \"Proxy\": { \"Enabled\": on } }", "line 1, column 25: 'o' is not expected here")]
    [InlineData("{ \"Gateway\": { \"Name\": \"a\nb\" } }", "line 1, column 26: the line ends inside a text")]
    [InlineData("{ \"Links\": { \"Key\": \"C:\\key\" } }", "line 1, column 25: '\\k' means nothing in a text; write a backslash as \\\\")]
    [InlineData("{ \"Routes\": [ { ] }", "line 1, column 17: this ']' does not fit here")]
    [InlineData("{ \"Proxy\": { } } }", "line 1, column 18: this '}' does not fit here")]
    [InlineData("{ \"Proxy\" { } }", "line 1, column 11: '{' is not expected here")]
    [InlineData("{ \"Proxy\": { } } x", "line 1, column 18: 'x' is not expected here")]
    [InlineData("{ /* never closed", "line 1, column 3: the comment that begins here is never closed")]
    [InlineData("{ \"Gateway\": { \"Name\": \"\\ud800\" } }", "a text holds half a character")]
    public void Syntax(string json, string part)
    {
        using TempFolder folder = new();
        string file = folder.Write("igsnetty.json", json);
        Loading.OneError(ConfigurationLoader.Load(file, null, [], Loading.NoEnvironment), file, part);
    }

    [Fact]
    public void Comments_trailing_commas_and_a_byte_order_mark_are_allowed()
    {
        using TempFolder folder = new();
        string json = "// one\n{ /* two */ \"Proxy\": { \"Listen\": \"127.0.0.1:0\", }, \"Allow\": [ ], }";
        string file = folder.WriteBytes("igsnetty.json", [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(json)]);
        Assert.Equal(0, Loading.Valid(ConfigurationLoader.Load(file, null, [], Loading.NoEnvironment)).Proxy.Listen.Port);
    }

    [Fact]
    public void Not_utf8()
    {
        using TempFolder folder = new();
        string file = folder.WriteBytes("igsnetty.json", Encoding.Latin1.GetBytes("{ \"Gateway\": { \"Name\": \"büro\" } }"));
        Loading.OneError(ConfigurationLoader.Load(file, null, [], Loading.NoEnvironment), file, "it is not UTF-8 text; save it as UTF-8");
    }

    [Fact]
    public void A_made_up_key_is_shown_on_one_line_and_steers_no_terminal() => Loading.OneError(
        Loading.Json("""{ "Proxy": { "Enabled": true }, "a\u001b[2J\nb\u007f": 1 }"""), "a?[2J?b?", "is not a known key");

    [Fact]
    public void Missing_file_folder_and_empty_name()
    {
        using TempFolder folder = new();
        string missing = Path.Combine(folder.Path, "no.json");
        Loading.OneError(ConfigurationLoader.Load(missing, null, [], Loading.NoEnvironment), missing, "there is no such file; name a configuration file");
        Loading.OneError(ConfigurationLoader.Load(folder.Path, null, [], Loading.NoEnvironment), folder.Path, "it is a folder, not a file");
        Loading.OneError(ConfigurationLoader.Load("", null, [], Loading.NoEnvironment), "--config", "the file name is empty");
    }

    [Theory]
    [InlineData("{ \"Gateway\": { \"Name\": \"a\",\n \"name\": \"b\" }, \"Proxy\": { } }", "Gateway:name", "in lines 1 and 2; keep one of them")]
    [InlineData("{ \"Proxy\": { },\n\n \"Proxy\": { } }", "Proxy", "in lines 1 and 3")]
    [InlineData("{ \"Proxy\": { \"Users\": { \"a\": \"x\" } }, \"Proxy\": { \"Users\": { \"a\": \"y\" } } }", "Proxy", "stands twice")]
    [InlineData("{ \"Proxy\": { \"Enabled\": true }, \"Proxy:Enabled\": true }", "Proxy:Enabled", "stands twice")]
    [InlineData("{ \"Proxy\": { }, \"Allow\": [ { \"From\": \"*\", \"From\": \"*\", \"Destination\": \"*\" } ] }", "Allow:0:From", "stands twice")]
    public void Duplicate_keys(string json, string key, string part) => Loading.OneError(Loading.Json(json), key, part);
}
