using DotNetty.Transport.Channels;

namespace IgsNetty.Transport.Tests.Harness;

/// <summary>A handler that notes what a channel tells of its room for writes.</summary>
internal sealed class Writability : ChannelHandlerAdapter
{
    private readonly List<bool> _told = [];

    /// <summary>Runs on the loop with every change.</summary>
    public Action<IChannel>? On { get; set; }

    public bool[] Told
    {
        get
        {
            lock (_told)
            {
                return [.. _told];
            }
        }
    }

    public override void ChannelWritabilityChanged(IChannelHandlerContext context)
    {
        lock (_told)
        {
            _told.Add(context.Channel.IsWritable);
        }

        On?.Invoke(context.Channel);
        context.FireChannelWritabilityChanged();
    }
}
