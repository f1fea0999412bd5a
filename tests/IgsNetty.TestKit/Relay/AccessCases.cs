namespace IgsNetty.TestKit.Relay;

/// <summary>
/// What may be reached under one rule of Allow: the same table for a TCP call, for the datagrams of a UDP flow and for those
/// that await no reply. Columns: the rule's Destination, its Ports, the host that is asked for, what a resolver says to it (for
/// a name), the port, and whether it is let through. The gateway listens on 127.0.0.1:20304, and on port 22280 of all addresses.
/// </summary>
public static class AccessCases
{
    private const string All = "1-65535";

    /// <summary>The gateway's own listeners.</summary>
    public static IReadOnlyList<string> Listeners { get; } = ["127.0.0.1:20304", "0.0.0.0:22280"];

    /// <summary>An address of the gateway's machine, and the bits of its network's prefix.</summary>
    public static (string Address, int Prefix) Machine => ("10.1.0.9", 24);

    public static IEnumerable<object?[]> Rows =>
    [
        // Ordinary ones.
        Row("*", All, "10.1.2.3", 80, true),
        Row("10.1.0.0/16", "80,443", "10.1.2.3", 443, true),
        Row("10.1.0.0/16", "80,443", "10.1.2.3", 81, false),
        Row("10.1.0.0/16", All, "10.2.0.1", 80, false),
        Row("db.example", All, "db.example", 80, true, "10.1.2.3"),
        Row("*.example", All, "db.example", 80, true, "10.1.2.3"),
        Row("10.1.0.0/16", All, "db.example", 80, true, "10.1.2.3"),
        Row("10.1.0.0/16", All, "db.example", 80, false, "10.2.2.3"),
        Row("2001:db8::/32", All, "2001:db8::1", 80, true),

        // A wide rule does not mean these; a block inside them, or the address itself, does.
        Row("*", All, "127.0.0.1", 80, false),
        Row("0.0.0.0/0", All, "127.0.0.1", 80, false),
        Row("127.0.0.0/8", All, "127.0.0.1", 80, true),
        Row("127.0.0.0/30", All, "127.0.0.1", 80, true),
        Row("127.0.0.1", All, "127.0.0.1", 80, true),
        Row("127.0.0.1", All, "127.0.0.2", 80, false),
        Row("*", All, "::1", 80, false),
        Row("::/0", All, "::1", 80, false),
        Row("::1", All, "::1", 80, true),
        Row("*", All, "0.0.0.0", 80, false),
        Row("127.0.0.0/8", All, "0.0.0.0", 80, false),
        Row("*", All, "0.1.2.3", 80, false),
        Row("*", All, "::", 80, false),
        Row("*", All, "169.254.7.7", 80, false),
        Row("169.254.0.0/16", All, "169.254.7.7", 80, true),
        Row("*", All, "fe80::1", 80, false),
        Row("fe80::/10", All, "fe80::1", 80, true),
        Row("*", All, "224.0.0.251", 5353, false),
        Row("224.0.0.0/8", All, "224.0.0.251", 5353, true),
        Row("*", All, "ff02::fb", 5353, false),
        Row("*", All, "255.255.255.255", 67, false),
        Row("255.255.255.255", "67", "255.255.255.255", 67, true),
        Row("*", All, "10.1.0.255", 67, false), // the machine's network
        Row("10.1.0.0/16", All, "10.1.0.255", 67, false),
        Row("10.1.0.255", All, "10.1.0.255", 67, true),
        Row("10.1.0.0/16", All, "10.1.1.255", 67, true),

        // The keys of a cloud account: only the address itself names them.
        Row("*", All, "169.254.169.254", 80, false),
        Row("169.254.0.0/16", All, "169.254.169.254", 80, false),
        Row("169.254.169.254", "80", "169.254.169.254", 80, true),
        Row("*", All, "100.100.100.200", 80, false),
        Row("100.64.0.0/10", All, "100.100.100.200", 80, false),
        Row("*", All, "fd00:ec2::254", 80, false),
        Row("fd00::/8", All, "fd00:ec2::254", 80, false),
        Row("fd00:ec2::254", All, "fd00:ec2::254", 80, true),

        // A name does not stand for them, whoever holds it. Only localhost does, for loopback.
        Row("db.example", All, "db.example", 80, false, "127.0.0.1"),
        Row("*.example", All, "db.example", 80, false, "169.254.169.254"),
        Row("*", All, "db.example", 80, false, "::1"),
        Row("127.0.0.0/8", All, "db.example", 80, true, "127.0.0.1"),
        Row("localhost", All, "localhost", 80, true, "127.0.0.1"),
        Row("localhost", All, "localhost", 80, true, "::1"),
        Row("localhost", All, "localhost", 80, false, "169.254.169.254"),
        Row("localhost", All, "127.0.0.1", 80, false),
        Row("*", All, "localhost", 80, false, "127.0.0.1"),

        // Other spellings are the same address.
        Row("*", All, "2130706433", 80, false),
        Row("*", All, "0x7f.1", 80, false),
        Row("*", All, "0177.0.0.1", 80, false),
        Row("*", All, "127.1", 80, false),
        Row("127.0.0.0/8", All, "127.1", 80, true),
        Row("*", All, "0xa9fea9fe", 80, false),
        Row("10.1.0.0/16", All, "0x0a010203", 80, true),
        Row("*", All, "::ffff:127.0.0.1", 80, false),
        Row("10.1.0.0/16", All, "::ffff:10.1.2.3", 80, true),
        Row("*", All, "::127.0.0.1", 80, false),
        Row("*", All, "64:ff9b::7f00:1", 80, false),
        Row("*", All, "64:ff9b::a9fe:a9fe", 80, false),
        Row("64:ff9b::/96", All, "64:ff9b::a9fe:a9fe", 80, false),
        Row("*", All, "64:ff9b:1::7f00:1", 80, false),
        Row("*", All, "2002:7f00:1::1", 80, false),
        Row("*", All, "2002:a9fe:a9fe::", 80, false),
        Row("*", All, "2001:0:4136:e378:8000:63bf:80ff:fffe", 80, false), // Teredo: 127.0.0.1
        Row("*", All, "2001:db8::5efe:7f00:1", 80, false), // ISATAP
        Row("*", All, "::ffff:0:127.0.0.1", 80, false),
        Row("10.1.0.0/16", All, "64:ff9b::a01:203", 80, true),
        Row("64:ff9b::/96", All, "64:ff9b::a01:203", 80, true),
        Row("2000::/3", All, "2002:a01:203::1", 80, false), // all of IPv6 that is public is not 10.1.2.3
        Row("2002::/16", All, "2002:a01:203::1", 80, true),
        Row("127.0.0.0/8", All, "db.example", 80, false, "64:ff9b::a9fe:a9fe"),

        // Its own listeners: the address itself, and the port by itself.
        Row("127.0.0.0/8", All, "127.0.0.1", 20304, false),
        Row("127.0.0.1", All, "127.0.0.1", 20304, false),
        Row("127.0.0.1", "20000-20400", "127.0.0.1", 20304, false),
        Row("127.0.0.1", "80,20304", "127.0.0.1", 20304, true),
        Row("127.0.0.0/8", "20304", "127.0.0.1", 20304, false),
        Row("127.0.0.0/8", All, "127.0.0.2", 20304, true),
        Row("localhost", All, "localhost", 20304, false, "127.0.0.1"),
        Row("localhost", "20304", "localhost", 20304, true, "127.0.0.1"),
        Row("127.0.0.0/8", All, "127.0.0.2", 22280, false), // it listens on all
        Row("10.1.0.0/16", All, "10.1.0.9", 22280, false), // and so on the machine's address
        Row("10.1.0.9", "22280", "10.1.0.9", 22280, true),
        Row("10.1.0.0/16", All, "10.1.0.9", 22281, true),
        Row("10.1.0.0/16", All, "10.1.0.8", 22280, true),
        Row("10.1.0.0/16", All, "me.example", 22280, false, "10.1.0.9"),
        Row("*", All, "64:ff9b::a01:9", 22280, false),
    ];

    private static object?[] Row(string destination, string ports, string host, int port, bool isAllowed, string? resolved = null) =>
        [destination, ports, host, resolved, port, isAllowed];
}
