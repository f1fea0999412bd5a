using System.Security.Cryptography;
using System.Text;

namespace IgsNetty.Endpoints.Proxy;

/// <summary>
/// The users of the proxy port. A password that was right is remembered by a keyed digest, so that a user's later calls cost
/// no PBKDF2. Thread-safe.
/// </summary>
internal sealed class ProxyUsers
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);
    private readonly Dictionary<string, User> _users = new(StringComparer.Ordinal);
    private readonly User _nobody = new(null, RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes));
    private readonly PasswordHash? _decoy;

    /// <param name="users">Name to password, or to the text of a <see cref="PasswordHash"/>.</param>
    public ProxyUsers(IReadOnlyDictionary<string, string> users)
    {
        foreach ((string name, string secret) in users)
        {
            PasswordHash? hash = secret.StartsWith(PasswordHash.Prefix, StringComparison.Ordinal)
                ? PasswordHash.TryParse(secret, out PasswordHash parsed, out string error) ? parsed : throw new ArgumentException(error, nameof(users))
                : null;
            byte[] digest = hash is null ? Digest(Encoding.UTF8.GetBytes(secret)) : RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);
            _users.Add(name, new User(hash, digest));
            _decoy ??= hash?.Decoy();
        }
    }

    /// <summary>Must callers give a name and a password?</summary>
    public bool AreRequired => _users.Count > 0;

    /// <summary>What can be said at once. Compares in a time that tells nothing about the password.</summary>
    /// <returns>Null when only <see cref="Check"/> can tell. Where any user has a hash, no wrong login is known at once: how long the answer takes does not tell who exists.</returns>
    public bool? CheckAtOnce(Login login)
    {
        User user = _users.GetValueOrDefault(login.Name, _nobody);
        bool isRight = CryptographicOperations.FixedTimeEquals(user.Digest, Digest(login.Password)) && user != _nobody;
        return isRight ? true : _decoy is null ? false : null;
    }

    /// <summary>Checks, and remembers a password that was right. Takes long: not on an event loop.</summary>
    public bool Check(Login login)
    {
        if (CheckAtOnce(login) is { } known)
        {
            return known;
        }

        User user = _users.GetValueOrDefault(login.Name, _nobody);
        bool isRight = (user.Hash ?? _decoy!).Matches(login.Password);
        if (isRight)
        {
            user.Digest = Digest(login.Password);
        }

        return isRight;
    }

    private byte[] Digest(ReadOnlySpan<byte> password) => HMACSHA256.HashData(_key, password);

    /// <param name="hash">Null for a user whose password was given as it is, and for nobody.</param>
    /// <param name="digest">Of the password; random while it is not known.</param>
    private sealed class User(PasswordHash? hash, byte[] digest)
    {
        private byte[] _digest = digest;

        public PasswordHash? Hash => hash;

        public byte[] Digest
        {
            get => Volatile.Read(ref _digest);
            set => Volatile.Write(ref _digest, value);
        }
    }
}
