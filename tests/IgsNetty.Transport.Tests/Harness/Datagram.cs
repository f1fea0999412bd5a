namespace IgsNetty.Transport.Tests.Harness;

/// <summary>A datagram that came.</summary>
internal sealed record Datagram(UdpAddress Source, byte[] Payload);
