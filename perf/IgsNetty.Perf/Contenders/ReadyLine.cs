using System.Net;
using IgsNetty.Perf.FarLink;
using IgsNetty.Perf.Load;

namespace IgsNetty.Perf.Contenders;

/// <summary>
/// What a gateway prints when every listener is bound: <c>ready</c>, then pairs such as <c>link=127.0.0.1:41231</c> or
/// <c>forward.echo=127.0.0.1:40001</c>, parted by spaces. A name may come more than once; the first counts here.
/// </summary>
internal sealed class ReadyLine
{
    private const string Word = "ready";

    private readonly string _text;
    private readonly ILookup<string, string> _addresses;

    private ReadyLine(string text)
    {
        _text = text;
        _addresses = text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .ToLookup(pair => pair[0], pair => pair[1]);
    }

    /// <summary>Null if the line is another one.</summary>
    public static ReadyLine? TryParse(string line) =>
        line == Word || line.StartsWith(Word + " ", StringComparison.Ordinal) ? new ReadyLine(line) : null;

    /// <exception cref="PerfException">There is no such pair, or it is no address of this machine.</exception>
    public IPEndPoint Address(string name) =>
        IPEndPoint.TryParse(_addresses[name].FirstOrDefault() ?? "", out IPEndPoint? address)
        && (LoadSocket.IsLoopback(address) || address.Address.Equals(FarNetwork.CalledAddress))
            ? address
            : throw new PerfException($"the gateway's ready line has no {name}=ADDRESS in 127.0.0.0/8: {_text}");
}
