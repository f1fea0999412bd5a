using IgsNetty.Gateway.Configuration;
using Microsoft.Extensions.Logging;

namespace IgsNetty.Gateway.Commands;

/// <summary><c>igsnetty run</c>: starts the gateway, says ready, waits for a signal, stops.</summary>
internal static class RunCommand
{
    /// <param name="configuration">What to run.</param>
    /// <param name="signals">Registered before the configuration was read.</param>
    /// <param name="output">For the ready line.</param>
    /// <param name="error">For why it cannot start.</param>
    /// <param name="log">Standard error, for the log.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        GatewayConfiguration configuration, StopSignals signals, TextWriter output, TextWriter error, Stream log)
    {
        using ILoggerFactory logging = LoggingSetup.Create(log);
        ILogger logger = logging.CreateLogger("IgsNetty.Gateway");
        signals.OnOther = name => LogOther(logger, name);
        signals.OnSecond = signal =>
        {
            GatewayLog.EndingAtOnce(logger, signal);
            logging.Dispose();
        };

        GatewayService service = GatewayComposition.Compose(configuration, logging);
        int result = ExitCode.Success;
        try
        {
            string ready = $"ready{service.Start()}";

            // Standard output may be a pipe that is full: neither the gateway nor its end waits for it.
            _ = Task.Run(() => Announce(ready, output, logger));
            GatewayLog.Stopping(logger, await signals.Stop.ConfigureAwait(false));
        }
        catch (GatewayStartException e)
        {
            await error.WriteLineAsync($"igsnetty: {e.Message}").ConfigureAwait(false);
            result = ExitCode.Failure;
        }

        await service.StopAsync().ConfigureAwait(false);
        return result;
    }

    private static void Announce(string ready, TextWriter output, ILogger logger)
    {
        try
        {
            output.WriteLine(ready);
        }
        catch (StandardOutputException e)
        {
            GatewayLog.ReadyNotWritten(logger, e.Message, ready);
        }
    }

    private static void LogOther(ILogger logger, string name)
    {
        if (name == "SIGHUP")
        {
            GatewayLog.NoReload(logger);
        }
        else
        {
            GatewayLog.SignalIgnored(logger, name);
        }
    }
}
