using IgsNetty.Gateway.Configuration;

namespace IgsNetty.Fuzz.Configuration;

/// <summary>The original product's <c>igsopt.conf</c>.</summary>
internal sealed class IgsOptTarget : FileTarget
{
    public override string Name => "igsopt";

    public override IEnumerable<byte[]> Seeds =>
    [
        "igsproxyoption on\n"u8.ToArray(),
        "igsproxyoption off\r\n"u8.ToArray(),
        "# comment\n\n  IgsProxyOption\tON # open it\nigslog 3\nigsproxyoption=on\nigsproxyoption = off\n"u8.ToArray(),
        [0x23, 0x20, 0x83, 0x76, 0x83, 0x8D, 0x83, 0x4C, 0x83, 0x56, 0x0D, 0x0A, .. "igsproxyoption on"u8],
        "igsproxyoption\u3000off\rigsproxyoption:on\r"u8.ToArray(),
        "igsproxyoption yes\nigsproxyoption\n"u8.ToArray(),
    ];

    protected override (long Fixed, long PerByte) Allocates => (4 << 20, 4096);

    protected override ConfigurationResult Load(string file) => Load(null, file);
}
