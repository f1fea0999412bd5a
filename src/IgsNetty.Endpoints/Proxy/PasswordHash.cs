using System.Globalization;
using System.Security.Cryptography;

namespace IgsNetty.Endpoints.Proxy;

/// <summary>
/// A salted hash of a password: PBKDF2 with HMAC-SHA256, as <c>$pbkdf2-sha256$ROUNDS$SALT$HASH</c>, the form of Python's passlib
/// (base64 with '.' for '+', no padding). Immutable. Its text is the whole hash: not for logs.
/// </summary>
public sealed class PasswordHash
{
    /// <summary>What every such text begins with.</summary>
    public const string Prefix = "$pbkdf2-sha256$";

    /// <summary>Rounds of a new hash: a fifth of a second or so of one core for each guess.</summary>
    public const int StandardRounds = 600_000;

    private const int LeastRounds = 1_000;
    private const int MostRounds = 10_000_000;
    private const int LeastSaltBytes = 8;
    private const int SaltBytes = 16;

    private readonly int _rounds;
    private readonly byte[] _salt;
    private readonly byte[] _hash;

    private PasswordHash(int rounds, byte[] salt, byte[] hash)
    {
        _rounds = rounds;
        _salt = salt;
        _hash = hash;
    }

    /// <summary>Hashes a password with a new salt. Takes long: not on an event loop.</summary>
    public static PasswordHash Create(ReadOnlySpan<byte> password, int rounds = StandardRounds)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return new PasswordHash(rounds, salt, Derive(password, salt, rounds));
    }

    /// <summary>Reads the text of a hash.</summary>
    /// <returns>False with what would be right in <paramref name="error"/>, which holds nothing of the text.</returns>
    public static bool TryParse(string text, out PasswordHash hash, out string error)
    {
        ArgumentNullException.ThrowIfNull(text);
        hash = null!;
        error = $"begins like a hash, but is none: it must be {Prefix}ROUNDS$SALT$HASH, with {LeastRounds} to {MostRounds} rounds; make one with 'igsnetty hash-password'";
        string[] parts = text.Split('$');
        if (parts.Length != 5 || !text.StartsWith(Prefix, StringComparison.Ordinal)
            || !int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out int rounds) || rounds is < LeastRounds or > MostRounds
            || !TryDecode(parts[3], out byte[] salt) || salt.Length < LeastSaltBytes
            || !TryDecode(parts[4], out byte[] derived) || derived.Length != SHA256.HashSizeInBytes)
        {
            return false;
        }

        hash = new PasswordHash(rounds, salt, derived);
        error = "";
        return true;
    }

    /// <summary>Is it this password? Takes as long as a hash does, whatever the answer: not on an event loop.</summary>
    public bool Matches(ReadOnlySpan<byte> password) =>
        CryptographicOperations.FixedTimeEquals(_hash, Derive(password, _salt, _rounds));

    /// <summary>A hash that no password has, and that takes as long to find that out as this one.</summary>
    internal PasswordHash Decoy() => new(_rounds, RandomNumberGenerator.GetBytes(SaltBytes), RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes));

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Prefix}{_rounds}${Encode(_salt)}${Encode(_hash)}");

    private static byte[] Derive(ReadOnlySpan<byte> password, byte[] salt, int rounds) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, rounds, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);

    private static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '.');

    private static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = new byte[text.Length];
        string padded = text.Replace('.', '+').PadRight((text.Length + 3) / 4 * 4, '=');
        bool isBase64 = Convert.TryFromBase64String(padded, bytes, out int size);
        bytes = bytes[..size];
        return isBase64;
    }
}
