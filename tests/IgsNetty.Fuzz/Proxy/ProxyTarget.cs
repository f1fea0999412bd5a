using System.Text;
using IgsNetty.Protocol.Values;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Wire;

namespace IgsNetty.Fuzz.Proxy;

/// <summary>
/// A caller of the proxy port. Whatever it sends: it gets the same answers, and the same call, however the network cuts it;
/// what is kept of it is bounded; and nothing of it is left when it goes.
/// </summary>
/// <remarks>
/// Of the input the first byte says whether there are users, how the target answers and whether the caller ends its direction;
/// the second how the bytes are cut. The rest is what the caller sends.
/// </remarks>
internal abstract class ProxyTarget : IFuzzTarget
{
    private const int Options = 2;

    /// <summary>What may be kept of a caller that has not said all it wants.</summary>
    private const int MostKept = 64 << 10;

    public abstract string Name { get; }

    public abstract int MostBytes { get; }

    public abstract IEnumerable<byte[]> Seeds { get; }

    /// <summary>Has the user of <see cref="ProxyGateway"/>.</summary>
    protected const byte WithUsers = 1;

    private const byte Refuses = 2;
    private const byte Ends = 4;

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length <= Options)
        {
            return;
        }

        byte options = input[0];
        byte[] sent = input[Options..].ToArray();
        Allocation allocation = Allocation.Start();
        string whole = Talk(options, sent, [sent]);
        allocation.AtMost((1 << 20) + (64L * sent.Length), $"{sent.Length} bytes in one piece");

        int most = 1 + (input[1] % 64);
        allocation = Allocation.Start();
        string cut = Talk(options, sent, [.. Splits.AtRandom(sent, new Random(input[1]), most)]);

        // Each piece comes in a receive buffer of its own, and is logged nowhere: what a piece costs does not grow with their number.
        allocation.AtMost((1 << 20) + (sent.Length * (64L + (8192 / most))), $"{sent.Length} bytes in pieces of up to {most}");
        FuzzException.UnlessSame(whole, cut, "what comes of it depends on how it is cut");
    }

    private static string Talk(byte options, byte[] sent, byte[][] pieces)
    {
        ProxyGateway gateway = new((options & WithUsers) != 0);
        EmbeddedStreamSocket caller = gateway.Accept();
        foreach (byte[] piece in pieces)
        {
            caller.Receive(piece);
        }

        gateway.Loop.RunTasks();
        FuzzException.Unless(gateway.Buffers.BytesInUse <= MostKept, $"{gateway.Buffers.BytesInUse} bytes are kept");
        if ((options & Ends) != 0)
        {
            caller.ReceiveEnd();
            gateway.Loop.RunTasks();
        }

        StringBuilder outcome = new();
        if (gateway.Connector.Requests.Count > 0)
        {
            FuzzException.Unless(gateway.Connector.Requests.Count == 1, "one caller, several targets");
            Answer(gateway, caller, options, sent, outcome);
        }

        outcome.Append("answers ").Append(Convert.ToHexStringLower(caller.Output.Take()));
        outcome.Append(" ends ").Append(caller.IsOutputShut).Append(" aborts ").Append(caller.IsAborted);
        outcome.Append(" UDP ").Append(gateway.Transport.Datagrams.Count);
        gateway.End();
        return outcome.ToString();
    }

    // What lies behind the request belongs to the target.
    private static void Answer(ProxyGateway gateway, EmbeddedStreamSocket caller, byte options, byte[] sent, StringBuilder outcome)
    {
        outcome.Append("target ").Append(gateway.Connector.Last.Target).Append(" as ").Append(gateway.Connector.Last.Caller).Append(' ');
        if ((options & Refuses) != 0)
        {
            gateway.Connector.Last.Fail((ResetReason)(options >> 4));
            gateway.Loop.RunTasks();
            return;
        }

        EmbeddedStreamSocket target = gateway.NewTarget();
        gateway.Connector.Last.Connect(target);
        gateway.Loop.RunTasks();
        byte[] behind = target.Output.Take();
        FuzzException.Unless(sent.AsSpan().EndsWith(behind), "the target gets what the caller did not send");
        outcome.Append("gets ").Append(Convert.ToHexStringLower(behind)).Append(" and the end ").Append(target.IsOutputShut).Append(' ');
        if (caller.Active)
        {
            target.Receive([1, 2, 3]);
            gateway.Loop.RunTasks();
        }
    }
}
