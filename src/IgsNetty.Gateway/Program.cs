using IgsNetty.Gateway;
using IgsNetty.Gateway.Commands;

return await CommandLine.RunAsync(args, StandardStreams.Output(), StandardStreams.OpenError()).ConfigureAwait(false);
