using System.Security.Cryptography;

namespace IgsNetty.Perf.Load;

/// <summary>What one stream sends, again and again, and what comes back for it each time.</summary>
/// <param name="Request">Its bytes.</param>
/// <param name="Answer">Its bytes; the request itself where it is echoed.</param>
internal sealed record Exchange(byte[] Request, byte[] Answer)
{
    /// <summary>What is sent comes back; each message differs from the last in a byte.</summary>
    public bool IsEcho => ReferenceEquals(Request, Answer);

    /// <summary>A random message.</summary>
    public static Exchange Echo(int size)
    {
        byte[] message = RandomNumberGenerator.GetBytes(size);
        return new Exchange(message, message);
    }
}
