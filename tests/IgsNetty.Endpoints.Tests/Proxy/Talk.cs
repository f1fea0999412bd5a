using IgsNetty.Endpoints.Proxy;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Proxy;

/// <summary>What a caller hears and where it gets, however its bytes are cut.</summary>
/// <param name="Replies">All bytes sent to it, in hex.</param>
/// <param name="Target">Where it goes, or null.</param>
/// <param name="User">As whom.</param>
/// <param name="Refusal">Why it is turned away, or null.</param>
/// <param name="Left">Bytes behind the request, in hex.</param>
internal sealed record Talk(string Replies, string? Target, string? User, string? Refusal, string Left)
{
    /// <summary>What UDP ASSOCIATE asked for, or null.</summary>
    public AssociateRequest? Association { get; init; }

    /// <summary>Every way to cut the bytes in two, and byte by byte; all must come to the same.</summary>
    public static Talk InEverySplit(Func<IProxyDialogue> begin, byte[] bytes, ProxyUsers? users = null)
    {
        Talk whole = Of(begin(), [bytes], users);
        foreach (byte[][] pieces in Splits.InTwo(bytes).Append([.. Splits.ByteByByte(bytes)]))
        {
            Talk cut = Of(begin(), pieces, users);

            // A caller that is turned away may have been cut off before its last byte came.
            Assert.Equal(whole with { Left = "" }, cut with { Left = "" });
            Assert.True(whole.Refusal is not null || whole.Left == cut.Left);
        }

        return whole;
    }

    public static Talk Of(IProxyDialogue dialogue, IEnumerable<byte[]> pieces, ProxyUsers? users = null)
    {
        List<byte> input = [];
        List<byte> replies = [];
        ProxyStep last = default;
        foreach (byte[] piece in pieces)
        {
            input.AddRange(piece);
            while (last.Target is null && last.Association is null && last.Refusal is null && input.Count > 0)
            {
                ProxyStep step = dialogue.Next(input.ToArray());
                if (step.NeedsMore)
                {
                    break;
                }

                last = step;
                input.RemoveRange(0, step.Consumed);
                if (step.Login is { } login)
                {
                    last = dialogue.OnLogin((users ?? throw new InvalidOperationException("a login, and no users")).Check(login));
                    input.RemoveRange(0, last.Consumed);
                }

                replies.AddRange(last.Reply ?? []);
            }
        }

        return new Talk(
            Convert.ToHexStringLower(replies.ToArray()), last.Target?.ToString(), last.User, last.Refusal, Convert.ToHexStringLower(input.ToArray()))
        {
            Association = last.Association,
        };
    }
}
