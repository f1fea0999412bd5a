using System.Diagnostics;
using IgsNetty.Perf.Contenders.Sampling;
using IgsNetty.Perf.Tests.Harness;
using Xunit;

namespace IgsNetty.Perf.Tests;

public sealed class ProcessTreeTests
{
    [LinuxFact]
    public void All_that_descend_from_a_process_are_counted()
    {
        using Shell shell = new("sleep 100 & sleep 100 & echo up; read line");
        Assert.Equal("up", shell.ReadLine());
        ProcessTree tree = ProcessTree.Of(shell.Id);
        ProcessStat[] all = [.. ProcessStat.ReadAll().Where(p => p.Id == shell.Id || p.Parent == shell.Id)];
        Assert.Equal(3, all.Length);
        Assert.Equal(all.Sum(p => Directory.GetFileSystemEntries($"/proc/{p.Id}/fd").Length), tree.Descriptors());
        Assert.InRange(tree.Memory(), 3 * Environment.SystemPageSize, 100 * 1024 * 1024);
        Assert.InRange(tree.ContextSwitches(), 1, long.MaxValue);
    }

    [LinuxFact]
    public void What_children_used_that_have_ended_is_counted()
    {
        // Two commands, so that the loop has a shell of its own.
        using Shell shell = new("sh -c 'i=0; while [ $i -lt 400000 ]; do i=$((i+1)); done'; echo done; read line");
        Assert.Equal("done", shell.ReadLine());
        TimeSpan its = ProcessCpuClock.TryRead(shell.Id)!.Value;
        Assert.InRange(ProcessTree.Of(shell.Id).Cpu() - its, TimeSpan.FromMilliseconds(30), TimeSpan.FromSeconds(60));
    }

    [LinuxFact]
    public void A_name_may_hold_anything()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("igsnetty-perf-tests-");
        try
        {
            string program = Path.Combine(folder.FullName, "a) R 9 (b");
            File.Copy("/bin/sleep", program);
            using Process process = Process.Start(program, ["100"]);
            ProcessStat stat = ProcessStat.TryRead(process.Id)!.Value;
            process.Kill();
            process.WaitForExit();
            Assert.Equal(Environment.ProcessId, stat.Parent);
            Assert.Null(ProcessStat.TryRead(process.Id));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [LinuxFact]
    public void A_process_that_has_ended_has_nothing()
    {
        using Process process = Process.Start("/bin/true");
        process.WaitForExit();
        ProcessTree tree = ProcessTree.Of(process.Id);
        Assert.Equal((TimeSpan.Zero, 0, 0), (tree.Cpu(), tree.Memory(), tree.Descriptors()));
        Assert.Null(ProcessCpuClock.TryRead(process.Id));
    }

    /// <summary>A shell and what it starts, gone with this object.</summary>
    private sealed class Shell : IDisposable
    {
        private readonly Process _process;

        public Shell(string script) => _process = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;

        public int Id => _process.Id;

        public string? ReadLine() => _process.StandardOutput.ReadLine();

        public void Dispose()
        {
            _process.Kill(entireProcessTree: true);
            _process.Dispose();
        }
    }
}
