using System.Runtime.InteropServices;
using Xunit;

namespace IgsNetty.Gateway.Tests;

public sealed class StopSignalsTests
{
    private readonly List<int> _exits = [];

    [Theory]
    [InlineData(PosixSignal.SIGTERM)]
    [InlineData(PosixSignal.SIGINT)]
    public async Task The_first_signal_stops_and_does_not_kill(PosixSignal signal)
    {
        StopSignals signals = new(_exits.Add);
        PosixSignalContext context = new(signal);

        signals.Handle(context);

        Assert.True(context.Cancel);
        Assert.Equal(signal, await signals.Stop);
        Assert.Empty(_exits);
    }

    [Fact]
    public void The_second_signal_is_logged_and_ends_the_process_at_once_with_0()
    {
        List<PosixSignal> told = [];
        StopSignals signals = new(_exits.Add) { OnSecond = told.Add };
        PosixSignalContext second = new(PosixSignal.SIGINT);

        signals.Handle(new PosixSignalContext(PosixSignal.SIGTERM));
        signals.Handle(second);

        Assert.True(second.Cancel);
        Assert.Equal([PosixSignal.SIGINT], told);
        Assert.Equal([0], _exits);
    }
}
