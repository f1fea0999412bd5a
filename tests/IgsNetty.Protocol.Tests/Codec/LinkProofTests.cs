using IgsNetty.Protocol.Codec;
using Xunit;

namespace IgsNetty.Protocol.Tests.Codec;

/// <summary>docs/protocol.md §5: a proof is bound to everything that both ends said.</summary>
public sealed class LinkProofTests
{
    private static readonly byte[] Key = "a key of 16 bytes"u8.ToArray();
    private static readonly byte[] Dialler = [1, 2, 3, 4];
    private static readonly byte[] Listener = [5, 6, 7];

    [Fact]
    public void Another_key_role_or_Hello_makes_another_proof()
    {
        byte[] proof = LinkProof.Compute(Key, true, Dialler, Listener);
        Assert.Equal(LinkProof.Size, proof.Length);
        Assert.True(LinkProof.Matches(proof, LinkProof.Compute(Key, true, Dialler, Listener)));
        byte[][] others =
        [
            LinkProof.Compute(Key, false, Dialler, Listener),
            LinkProof.Compute(Key, true, Listener, Dialler),
            LinkProof.Compute(Key.AsSpan(1), true, Dialler, Listener),
            LinkProof.Compute(Key, true, [1, 2, 3, 5], Listener),
            LinkProof.Compute(Key, true, Dialler, [5, 6, 8]),
            LinkProof.Compute(Key, true, [1, 2, 3], [4, 5, 6, 7]),
            [],
            proof[..31],
            [.. proof, 0],
        ];
        Assert.All(others, other => Assert.False(LinkProof.Matches(proof, other)));
    }
}
