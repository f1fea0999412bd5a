namespace IgsNetty.Perf.Load;

/// <summary>One call of a target that a <see cref="TargetLoop"/> serves.</summary>
internal interface ITargetCall
{
    /// <summary>Does what the socket is ready for, without waiting.</summary>
    /// <param name="buffer">Shared by the calls of one loop.</param>
    /// <returns>False when the call is over.</returns>
    bool OnReady(byte[] buffer);

    void Close();
}
