using System.Net;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Program;

[AboveTransports]
public sealed class StandardOutputTests(ITestOutputHelper output) : FunctionalTest(output)
{
    private const string Closed = "exec \"$@\" >&-";
    private const string Full = "exec \"$@\" >/dev/full";


    [Theory]
    [InlineData(Closed, "it is closed")]
    [InlineData(Full, "No space left on device")]
    public async Task A_result_that_cannot_be_written_is_one_line_of_error_and_exit_1(string script, string reason)
    {
        foreach (string[] command in new string[][] { ["version"], ["help"], ["cert", "help"], ["check"], ["hash-password"] })
        {
            ToolResult result = await Launch.Shell(script).RunAsync(command, "secret\n");

            Assert.Equal(1, result.ExitCode);
            Assert.Equal($"igsnetty {command[0]}: standard output cannot be written: {reason}", result.Error.TrimEnd('\n'));
        }
    }

    [Theory]
    [InlineData(Closed, "it is closed")]
    [InlineData(Full, "No space left on device")]
    public async Task A_gateway_whose_ready_line_cannot_be_written_serves_and_logs_the_line(string script, string reason)
    {
        ChildProcess gateway = Own(Launch.Shell(script).Start(["run", "--Proxy:Listen=127.0.0.1:0"]));

        string line = await gateway.WaitForLineAsync(l => l.Contains("[1008]", StringComparison.Ordinal), "message 1008");

        Assert.Contains(reason, line, StringComparison.Ordinal);
        ReadyLine ready = new(line[line.IndexOf("ready proxy", StringComparison.Ordinal)..]);
        using TcpCall call = await TcpCall.ConnectAsync(ready["proxy"], Deadline);
        await Socks5.GreetAsync(call);
        gateway.Signal(ProcessSignal.Terminate);
        Assert.Equal(0, await gateway.WaitForExitAsync());
    }

    [Fact]
    public async Task A_gateway_with_no_standard_stream_at_all_serves_and_stops()
    {
        ChildProcess gateway = Own(Launch.Shell("exec \"$@\" <&- >&- 2>&-").Start(["run", "--Proxy:Listen=127.0.0.1:0"]));

        // No line says which port it has.
        IPEndPoint? proxy = null;
        await Eventually.Async(() => (proxy = ListeningSocket(gateway.Id)) is not null, () => "it listens");
        using TcpCall call = await TcpCall.ConnectAsync(proxy!, Deadline);
        await Socks5.GreetAsync(call);
        gateway.Signal(ProcessSignal.Terminate);

        Assert.Equal(0, await gateway.WaitForExitAsync());
    }

    // Lines such as "0: 0100007F:94E5 00000000:0000 0A … INODE"; see proc_pid_net(5).
    private static IPEndPoint? ListeningSocket(int processId)
    {
        HashSet<string?> own = [.. new DirectoryInfo($"/proc/{processId}/fd").GetFileSystemInfos().Select(file => file.LinkTarget)];
        return File.ReadLines("/proc/net/tcp")
            .Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields[3] == "0A" && own.Contains($"socket:[{fields[9]}]"))
            .Select(fields => new IPEndPoint(IPAddress.Loopback, Convert.ToInt32(fields[1].Split(':')[1], 16)))
            .FirstOrDefault();
    }
}
