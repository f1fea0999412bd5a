using System.Net;

namespace IgsNetty.FunctionalTests.Clients;

/// <summary>A datagram and who sent it.</summary>
internal sealed record Datagram(byte[] Bytes, IPEndPoint From);
