using System.Net.Sockets;
using System.Text;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.HalfClose;

/// <summary>Urgent data (MSG_OOB), as telnet and ftp send it with an interrupt: no byte is lost, and none holds up what follows.</summary>
public sealed class UrgentTests(ITestOutputHelper output, SharedRelays relays)
    : FunctionalTest(output, shared: relays), IClassFixture<SharedRelays>
{
    private static readonly byte[][] Parts = [[.. "GET"u8], [.. "!"u8], [.. "/rest"u8]];

    [Theory]
    [MemberData(nameof(BytesBeforeResetTests.Cases), MemberType = typeof(BytesBeforeResetTests))]
    public async Task An_urgent_byte_arrives_in_its_place_both_ways(RelayMode mode, Entry entry)
    {
        TcpTarget<string> server = Own(new TcpTarget<string>(async (socket, stop) =>
        {
            socket.Send(Parts[0]);
            socket.Send(Parts[1], SocketFlags.OutOfBand);
            socket.Send(Parts[2]);
            socket.Shutdown(SocketShutdown.Send);
            byte[] heard = new byte[100];
            int count = 0;
            int read;
            while ((read = await socket.ReceiveAsync(heard.AsMemory(count), stop)) > 0)
            {
                count += read;
            }

            return Encoding.ASCII.GetString(heard, 0, count);
        }));
        Relay relay = await RelayForAsync(mode, entry, server.EndPoint);
        using TcpCall call = await relay.CallAsync(entry, server.EndPoint, Deadline);

        await call.SendAsync(Parts[0]);
        call.SendUrgent(Parts[1]);
        await call.SendAsync(Parts[2]);

        Assert.Equal("GET!/rest", Encoding.ASCII.GetString(await call.ReadRestAsync()));
        call.EndSending();
        Assert.Equal("GET!/rest", await server.NextAsync(Deadline));
    }
}
