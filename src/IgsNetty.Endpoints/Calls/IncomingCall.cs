using DotNetty.Buffers;
using IgsNetty.Protocol.Values;
using IgsNetty.Transport;

namespace IgsNetty.Endpoints.Calls;

/// <summary>A caller whose target is known.</summary>
/// <param name="Socket">The caller's socket: registered, with reading off and no read under way.</param>
/// <param name="Target">Where it wants to go.</param>
/// <param name="Caller">Who it is, for the access rules.</param>
/// <param name="Via">A peer's name or direct; null: the routes decide.</param>
/// <param name="Answer">How it is answered; null: not at all, it believes to be connected (a forward).</param>
/// <param name="First">Bytes it has sent already, or null.</param>
internal sealed record IncomingCall(
    IStreamSocket Socket,
    TargetAddress Target,
    string Caller,
    string? Via,
    ICallAnswer? Answer,
    IByteBuffer? First);
