using System.Diagnostics;
using System.Globalization;
using SharpFuzz;

namespace IgsNetty.Fuzz;

/// <summary>docs/security.md tells how to use it.</summary>
internal static class Program
{
    private const string Usage = """
        igsnetty-fuzz list                              the targets
        igsnetty-fuzz seeds TARGET FOLDER               writes inputs to start from
        igsnetty-fuzz afl TARGET                        runs under afl-fuzz; its assemblies must be instrumented by sharpfuzz
        igsnetty-fuzz random TARGET SECONDS [SEED]      random mutations of the seeds, with no fuzzer
        igsnetty-fuzz replay TARGET FILE...             runs inputs once each
        igsnetty-fuzz hex TARGET HEX                    runs the input that a failed test tells
        """;

    public static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["list"]:
                Console.WriteLine(string.Join('\n', FuzzTargets.All.Select(target => target.Name)));
                return 0;
            case [var verb, var name, .. var rest] when FuzzTargets.Named(name) is { } target:
                return Run(verb, target, rest);
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }

    private static int Run(string verb, IFuzzTarget target, string[] rest)
    {
        switch (verb, rest)
        {
            case ("seeds", [var folder]):
                WriteSeeds(target, folder);
                return 0;
            case ("afl", []):
                RunUnderAfl(target);
                return 0;
            case ("random", [var seconds, .. var seed]):
                return RunAtRandom(
                    target,
                    TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)),
                    seed.Length > 0 ? int.Parse(seed[0], CultureInfo.InvariantCulture) : Environment.TickCount);
            case ("replay", { Length: > 0 }):
                Array.ForEach(rest, file => target.Try(File.ReadAllBytes(file)));
                Console.WriteLine($"{rest.Length} inputs, nothing found");
                return 0;
            case ("hex", [var hex]):
                target.Try(Convert.FromHexString(hex));
                Console.WriteLine("nothing found");
                return 0;
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }

    private static void WriteSeeds(IFuzzTarget target, string folder)
    {
        Directory.CreateDirectory(folder);
        int number = 0;
        foreach (byte[] seed in target.Seeds)
        {
            File.WriteAllBytes(Path.Combine(folder, $"seed-{number++:d3}"), seed);
        }
    }

    private static void RunUnderAfl(IFuzzTarget target)
    {
        byte[] input = new byte[target.MostBytes];
        Fuzzer.OutOfProcess.Run(stream => target.Run(input.AsSpan(0, stream.ReadAtLeast(input, input.Length, throwOnEndOfStream: false))));
    }

    private static int RunAtRandom(IFuzzTarget target, TimeSpan time, int seed)
    {
        Console.WriteLine($"{target.Name}: seed {seed}");
        Stopwatch clock = Stopwatch.StartNew();
        RandomRun run = new(target, seed);
        if (run.Until(() => clock.Elapsed >= time) is { } finding)
        {
            Console.Error.WriteLine(finding);
            return 1;
        }

        Console.WriteLine($"{target.Name}: {run.Inputs} inputs, nothing found");
        return 0;
    }
}
