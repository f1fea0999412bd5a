using System.Net.Sockets;

namespace IgsNetty.Transport.Tests.Harness;

/// <summary>What a peer read until it ended: by FIN (<see cref="SocketError.Success"/>) or by an error.</summary>
internal sealed record PeerInput(byte[] Bytes, SocketError End);
