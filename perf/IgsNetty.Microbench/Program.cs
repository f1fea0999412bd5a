using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using DotNetty.Common;
using Perfolizer.Horology;

// In this process: a benchmark takes seconds and not a build of its own. A short job, for all of them to take a few minutes.
ResourceLeakDetector.Level = ResourceLeakDetector.DetectionLevel.Disabled; // as in a gateway
IConfig config = DefaultConfig.Instance
    .AddJob(Job.ShortRun.WithIterationTime(TimeInterval.FromMilliseconds(200)).WithToolchain(InProcessEmitToolchain.Instance))
    .AddDiagnoser(MemoryDiagnoser.Default);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
