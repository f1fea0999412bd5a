using IgsNetty.Endpoints.Names;
using IgsNetty.Transport.Epoll;

namespace IgsNetty.Gateway.Configuration.Sections;

/// <summary>Reads <c>Gateway</c>.</summary>
internal static class GatewaySection
{
    private const int MostLoops = 64;

    public static GatewaySettings Read(SectionReader section)
    {
        string? name = section.Text("Name");
        if (name is not null && !GatewayName.IsValid(name, out string error))
        {
            section.Error("Name", error);
        }

        TransportKind transport = section.Choice(
            "Transport",
            TransportKind.Auto,
            ("auto", TransportKind.Auto),
            ("sockets", TransportKind.Sockets),
            ("epoll", TransportKind.Epoll));
        if (transport == TransportKind.Epoll && !EpollTransport.IsSupported(out string obstacle))
        {
            section.Error("Transport", $"{obstacle}; use auto or sockets");
        }

        ResolverKind resolver = section.Choice(
            "Resolver",
            ResolverKind.Auto,
            ("auto", ResolverKind.Auto),
            ("dns", ResolverKind.Dns),
            ("system", ResolverKind.System));
        if (resolver == ResolverKind.Dns && !OperatingSystem.IsLinux())
        {
            section.Error("Resolver", "dns is for Linux; use auto or system");
        }

        int loops = section.WholeNumber("Loops", 0, 0, MostLoops);
        section.Complete();
        return new GatewaySettings(name ?? GatewayName.FromHost(Environment.MachineName), transport, loops, resolver);
    }
}
