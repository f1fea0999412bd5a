using System.Text.Json.Nodes;

namespace IgsNetty.FunctionalTests.Harness;

/// <summary>An authority and certificates for both gateways, made by the program itself, in a folder of their own.</summary>
internal sealed class LinkCertificates
{
    private static readonly TempDirectory SharedFolder = new();
    private static readonly Lazy<Task<LinkCertificates>> Shared = new(() => MakeAsync(SharedFolder));

    private readonly string _folder;

    static LinkCertificates() => AppDomain.CurrentDomain.ProcessExit += (_, _) => SharedFolder.Dispose();

    private LinkCertificates(string folder) => _folder = folder;

    public string Authority => System.IO.Path.Combine(_folder, "ca.pem");

    /// <summary>Those that all tests share which change nothing in them.</summary>
    public static Task<LinkCertificates> ShareAsync() => Shared.Value;

    public static async Task<LinkCertificates> MakeAsync(TempDirectory directory, string folder = "certificates")
    {
        LinkCertificates made = new(directory.File(folder));
        (await GatewayProgram.RunAsync("cert", "authority", "--out", made._folder)).ExpectSuccess();
        (await made.IssueAsync(GatewayConfig.CallingName, GatewayConfig.CalledName)).ExpectSuccess();
        return made;
    }

    public string Certificate(string name) => System.IO.Path.Combine(_folder, name + ".pem");

    public string Key(string name) => System.IO.Path.Combine(_folder, name + ".key");

    public Task<ToolResult> IssueAsync(params string[] namesAndOptions) =>
        GatewayProgram.RunAsync(["cert", "issue", .. namesAndOptions, "--out", _folder]);

    /// <summary>The fingerprint, as <c>cert show</c> prints it.</summary>
    public async Task<string> FingerprintAsync(string name)
    {
        string shown = (await GatewayProgram.RunAsync("cert", "show", Certificate(name))).ExpectSuccess().Output;
        return shown.Split('\n').Single(line => line.StartsWith("fingerprint", StringComparison.Ordinal)).Split(' ')[^1].Trim();
    }

    /// <summary><c>Links:Security</c> of the gateway of this name.</summary>
    public JsonObject Security(string name) => new()
    {
        ["Certificate"] = Certificate(name),
        ["Key"] = Key(name),
        [nameof(Authority)] = Authority,
    };

    /// <summary>A plan whose gateways have TLS links.</summary>
    public RelayPlan Secure(RelayPlan plan) => plan with
    {
        ChangeCalling = config =>
        {
            config["Links"]!["Security"] = Security(GatewayConfig.CallingName);
            plan.ChangeCalling?.Invoke(config);
        },
        ChangeCalled = config =>
        {
            config["Links"]!["Security"] = Security(GatewayConfig.CalledName);
            plan.ChangeCalled?.Invoke(config);
        },
    };
}
