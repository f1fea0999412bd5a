using System.Net;
using System.Net.NetworkInformation;
using System.Reflection;
using DotNetty.Transport.Channels;
using EchoExample;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Epoll.Tests.DropIn;

/// <summary>What docs/epoll-transport.md shows is what is compiled and run here.</summary>
public sealed class DocumentTests : DropInTests
{
    [Fact]
    public async Task The_program_of_the_page_works() => Assert.Equal("hello", await EchoProgram.RunAsync("hello").InTime());

    [Fact]
    public void The_page_shows_the_program_that_is_tested() =>
        Assert.Contains($"```csharp\n{Read("EchoExample.cs")}```\n", Read("epoll-transport.md"));

    [Fact]
    public async Task Each_option_of_the_page_is_one_of_its_channels()
    {
        IChannel[] channels =
        [
            await RegisterAsync(Client(_ => { })),
            Keep(await BindAsync(Server(_ => { }))),
            Keep(new EpollDatagramChannel()),
        ];
        await Group.RegisterAsync(channels[2]).InTime();
        const string Head = "| option | stream | listener | datagram |\n|---|---|---|---|\n";
        string table = Read("epoll-transport.md").Split(Head)[1].Split("\n\n")[0];
        string[] rows = table.Split('\n');
        Assert.Equal(20, rows.Length);
        foreach (string row in rows)
        {
            string[] cells = row.Split('|', StringSplitOptions.TrimEntries);
            for (int i = 0; i < channels.Length; i++)
            {
                Assert.True(Has(channels[i], cells[1].Trim('`')) == (cells[2 + i] == "yes"), $"{cells[1]} of {channels[i].GetType().Name}");
            }
        }
    }

    // Options that a channel does not have: DotNetty's own configuration returns the default of their type, and SetOption returns false.
    private static bool Has(IChannel channel, string name)
    {
        object option = typeof(ChannelOption).GetField(name)?.GetValue(null)
            ?? typeof(EpollChannelOption).GetProperty(name)!.GetValue(null)!;
        Type type = option.GetType().GetGenericArguments()[0];
        return type == typeof(TcpInfo) // read-only
            ? Invoke(nameof(IChannelConfiguration.GetOption), option) is TcpInfo { RetransmitTimeout.Ticks: > 0 }
            : (bool)Invoke(nameof(IChannelConfiguration.SetOption), option, ValueOf(type))!;

        object? Invoke(string method, params object[] arguments) => typeof(IChannelConfiguration).GetMethods()
            .Single(m => m.Name == method && m.IsGenericMethod && m.GetParameters().Length == arguments.Length)
            .MakeGenericMethod(type)
            .Invoke(channel.Configuration, arguments);
    }

    private static object ValueOf(Type type) =>
        type == typeof(bool) ? true
        : type == typeof(int) ? 1
        : type == typeof(TimeSpan) ? TimeSpan.FromSeconds(1)
        : type == typeof(EndPoint) ? AnyLoopbackPort
        : NetworkInterface.GetAllNetworkInterfaces().First(i => i.NetworkInterfaceType == NetworkInterfaceType.Loopback);

    private static string Read(string name)
    {
        using Stream file = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using StreamReader reader = new(file);
        return reader.ReadToEnd();
    }
}
