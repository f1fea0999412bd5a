using System.Runtime.InteropServices;
using IgsNetty.Gateway.Configuration;
using Microsoft.Extensions.Logging;

namespace IgsNetty.Gateway.Commands;

/// <summary><c>igsnetty run</c>: starts the gateway, says ready, waits for a signal, stops.</summary>
internal static class RunCommand
{
    public static async Task<int> RunAsync(GatewayConfiguration configuration, TextWriter output, TextWriter error)
    {
        using ILoggerFactory logging = LoggingSetup.Create();
        ILogger logger = logging.CreateLogger("IgsNetty.Gateway");
        TaskCompletionSource<PosixSignal> stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            GatewayLog.NoReload(logger);
        });

        GatewayService service = GatewayComposition.Compose(configuration, logging);
        int result = ExitCode.Success;
        try
        {
            await output.WriteLineAsync($"ready{service.Start()}").ConfigureAwait(false);
            await output.FlushAsync().ConfigureAwait(false);
            GatewayLog.Stopping(logger, await stop.Task.ConfigureAwait(false));
        }
        catch (GatewayStartException e)
        {
            await error.WriteLineAsync($"igsnetty: {e.Message}").ConfigureAwait(false);
            result = ExitCode.Failure;
        }

        await service.StopAsync().ConfigureAwait(false);
        return result;

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.TrySetResult(context.Signal);
        }
    }
}
