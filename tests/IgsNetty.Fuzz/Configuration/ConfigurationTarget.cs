using System.Text;
using IgsNetty.Gateway.Configuration;

namespace IgsNetty.Fuzz.Configuration;

/// <summary>The configuration file (docs/configuration.md).</summary>
internal sealed class ConfigurationTarget : FileTarget
{
    public override string Name => "configuration";

    public override IEnumerable<byte[]> Seeds =>
    [
        "{}"u8.ToArray(),
        """{ "Proxy": { "Enabled": true } }"""u8.ToArray(),
        Encoding.UTF8.GetBytes("""
            {
              // one of everything
              "Gateway": { "Name": "site-a", "Transport": "auto", "Loops": 2 },
              "Links": {
                "Listen": [ "127.0.0.1:22280", "[::1]:22280" ],
                "Dial": [ { "Peer": "site-b", "Address": "localhost:22281", "Connections": 2 } ],
                "Security": { "Mode": "none" },
                "KeepAlive": { "IdleSeconds": 30, "IntervalSeconds": 5, "Count": 3 },
                "Reconnect": { "InitialSeconds": 0.5, "MaximumSeconds": 30 },
              },
              "Proxy": { "Enabled": true, "Listen": "127.0.0.1:20304", "UdpResponseTimeoutSeconds": 10, "Users": { "ann": "secret", "bob": "s" } },
            }
            """),
        """
        { "Forwards": [ { "Name": "web", "Protocol": "tcp", "Listen": "127.0.0.1:8080", "Target": "10.1.2.3:80", "Via": "direct" },
          { "Name": "dns", "Protocol": "udp", "Listen": "127.0.0.1:5353", "Target": "dns.example:53", "Via": "direct", "UdpResponseTimeoutSeconds": 5 } ] }
        """u8.ToArray(),
        """
        { "Proxy": { "Enabled": true, "Users": { "u": "p" } },
          "Routes": [ { "Destination": "10.1.0.0/16", "Ports": "1-65535", "Via": "direct" }, { "Destination": "*.plant.example", "Via": "direct" }, { "Destination": "*", "Via": "direct" } ],
          "Allow": [ { "From": "user:u", "Protocol": "tcp", "Destination": "10.1.0.0/16", "Ports": "80,443-500" }, { "From": "*", "Destination": "::/0" } ],
          "Limits": { "StreamsPerLink": 65536, "MemoryMiB": 512, "OpensPerSecondPerPeer": 20000 }, "Admin": { "Listen": "127.0.0.1:20380" } }
        """u8.ToArray(),
        """{ "Links": { "Security": { "Mode": "shared-key", "Key": "no-such-file" }, "Listen": [ "0.0.0.0:22280" ] }, "Pipeline": { "BufferBytes": 262144 } }"""u8.ToArray(),
    ];

    protected override (long Fixed, long PerByte) Allocates => (8 << 20, 64 << 10);

    protected override ConfigurationResult Load(string file) => Load(file, null);
}
