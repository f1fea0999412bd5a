using System.Security.Cryptography;
using System.Text;

namespace IgsNetty.Endpoints.Proxy;

/// <summary>The users of the proxy port. Thread-safe.</summary>
internal sealed class ProxyUsers
{
    private static readonly byte[] Nobody = RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);

    private readonly Dictionary<string, byte[]> _hashes;

    public ProxyUsers(IReadOnlyDictionary<string, string> users) =>
        _hashes = users.ToDictionary(user => user.Key, user => SHA256.HashData(Encoding.UTF8.GetBytes(user.Value)), StringComparer.Ordinal);

    /// <summary>Must callers give a name and a password?</summary>
    public bool AreRequired => _hashes.Count > 0;

    /// <summary>Compares in a time that tells nothing about the password; an unknown name takes as long.</summary>
    public bool Check(string name, ReadOnlySpan<byte> password)
    {
        Span<byte> given = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(password, given);
        return CryptographicOperations.FixedTimeEquals(_hashes.GetValueOrDefault(name, Nobody), given);
    }
}
