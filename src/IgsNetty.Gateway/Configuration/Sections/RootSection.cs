using System.Net;
using IgsNetty.Endpoints.Forwards;
using IgsNetty.Relay.Routing;

namespace IgsNetty.Gateway.Configuration.Sections;

/// <summary>Reads the whole configuration, section by section, and checks the rules that look across sections.</summary>
internal static class RootSection
{
    /// <summary>The configuration; to be used only when <paramref name="context"/> has no errors.</summary>
    public static GatewayConfiguration Read(SectionReader root, ReadingContext context)
    {
        GatewaySettings gateway = GatewaySection.Read(root.Section("Gateway"));
        LinksSettings links = LinksSection.Read(root.Section("Links"), gateway.Name, context.BaseFolder);
        ProxySettings proxy = ProxySection.Read(root.Section("Proxy"), root.Has("Proxy"));
        IReadOnlyList<(string Key, ForwardOptions Options)> forwards = ForwardsSection.Read(root, links.PeerNames);
        PipelineSettings pipeline = PipelineSection.Read(root.Section("Pipeline"));
        GatewayConfiguration configuration = new()
        {
            Name = gateway.Name,
            Transport = gateway.Transport,
            Resolver = gateway.Resolver,
            Loops = gateway.Loops,
            LinkListen = [.. links.Listen.Select(l => l.Address)],
            LinkDial = links.Dial,
            Security = links.Security,
            Certificates = links.Certificates,
            KeepAlive = links.KeepAlive,
            Reconnect = links.Reconnect,
            Proxy = proxy.Options,
            Forwards = [.. forwards.Select(f => f.Options)],
            Routes = RoutesSection.Read(root, links.PeerNames),
            Allow = AllowSection.Read(root, links.PeerNames, proxy.UserNames),
            Limits = LimitsSection.Read(root.Section("Limits")),
            Pipeline = pipeline.Options,
            BusyPoll = pipeline.BusyPoll,
            AdminListen = AdminSection.Read(root.Section("Admin")),
            Warnings = [.. context.Warnings],
        };
        RefuseWhatIsNotYet(root);
        root.Complete();
        ListenerConflicts.Report(Listeners(configuration, links, forwards), context);
        ReportNothingToDo(configuration, context);
        return configuration;
    }

    private static void RefuseWhatIsNotYet(SectionReader root)
    {
        foreach (string section in (string[])["Log", "Transparent"])
        {
            root.Refuse(section, "this section is not in this version yet; remove it");
        }
    }

    private static List<(string Key, TransportProtocol Protocol, IPEndPoint Address)> Listeners(
        GatewayConfiguration configuration, LinksSettings links, IReadOnlyList<(string Key, ForwardOptions Options)> forwards)
    {
        List<(string Key, TransportProtocol Protocol, IPEndPoint Address)> listeners =
            [.. links.Listen.Select(l => (l.Key, TransportProtocol.Tcp, l.Address))];
        if (configuration.Proxy.Enabled)
        {
            listeners.Add(("Proxy:Listen", TransportProtocol.Any, configuration.Proxy.Listen));
        }

        listeners.AddRange(forwards.Select(f => (f.Key, f.Options.Protocol, f.Options.Listen)));
        if (configuration.AdminListen is { } admin)
        {
            listeners.Add(("Admin:Listen", TransportProtocol.Tcp, admin));
        }

        return listeners;
    }

    private static void ReportNothingToDo(GatewayConfiguration configuration, ReadingContext context)
    {
        // An entry with an error is left out above; it would have been something to do.
        int listenersAndPeers = configuration.LinkListen.Count + configuration.LinkDial.Count + configuration.Forwards.Count;
        if (!configuration.Proxy.Enabled && listenersAndPeers == 0 && context.Errors.Count == 0)
        {
            context.Error(
                "",
                "nothing to do: no listener is opened and no peer is dialled; "
                + "set Proxy:Enabled to true, or fill Forwards, Links:Listen or Links:Dial");
        }
    }
}
