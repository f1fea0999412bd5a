using IgsNetty.Protocol.Values;

namespace IgsNetty.Endpoints.Calls;

/// <summary>How a caller is told what became of its request: the bytes, in the caller's protocol. Pure.</summary>
internal interface ICallAnswer
{
    /// <param name="bound">The address the called side sends from, or null when it is not known.</param>
    byte[] Success(TargetAddress? bound);

    byte[] Failure(ResetReason reason);
}
