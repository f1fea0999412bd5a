using DotNetty.Buffers;
using IgsNetty.Transport;

namespace IgsNetty.Relay.Streams;

/// <summary>
/// Joins two local sockets with no link between (single server mode). Both live on one loop. What one socket cannot take
/// at once waits in its output, and reading from the other stops.
/// </summary>
public sealed class DirectRelay : ILingering
{
    private readonly RelayLoop _loop;
    private readonly Side _caller;
    private readonly Side _target;
    private long _lastActivity = Environment.TickCount64;
    private bool _ended;

    private DirectRelay(RelayLoop loop, IStreamSocket caller, IStreamSocket target)
    {
        _loop = loop;
        _caller = new Side(this, caller);
        _target = new Side(this, target);
        _caller.Other = _target;
        _target.Other = _caller;
    }

    long ILingering.LastActivity => _lastActivity;

    /// <summary>Joins them and starts to relay. Both sockets move here, with reading off.</summary>
    /// <param name="loop">The loop of both.</param>
    /// <param name="caller">The calling application's socket.</param>
    /// <param name="target">The called application's.</param>
    /// <param name="first">Bytes already read from the caller, or null; the reference moves here.</param>
    public static void Join(RelayLoop loop, IStreamSocket caller, IStreamSocket target, IByteBuffer? first)
    {
        ArgumentNullException.ThrowIfNull(loop);
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(target);
        if (loop.IsStopping)
        {
            first?.Release();
            caller.Abort();
            target.Abort();
            return;
        }

        loop.Totals.StreamsOpened++;
        DirectRelay relay = new(loop, caller, target);
        loop.Direct.Add(relay);
        relay._caller.Start();
        relay._target.Start();
        if (first is not null)
        {
            ((ILocalSide)relay._caller).OnRead(first);
        }

        relay._caller.LookIfThere();
        relay._target.LookIfThere();
        relay._caller.UpdateReading();
        relay._target.UpdateReading();
    }

    void ILingering.OnLingerExpired() => Reset();

    private void OnHalfEnd()
    {
        _lastActivity = Environment.TickCount64;
        if (_caller.IsDone && _target.IsDone)
        {
            End();
            _caller.Close();
            _target.Close();
        }
        else
        {
            _loop.Linger.Add(this);
        }
    }

    internal void Reset()
    {
        if (!_ended)
        {
            _loop.Totals.StreamsReset++;
            End();
            _caller.Abort();
            _target.Abort();
        }
    }

    // What one side sent before its end or its reset is the other's to get.
    private void OnLost(Side lost)
    {
        if (!_ended)
        {
            _loop.Totals.StreamsReset++;
            End();
            lost.Abort();
            lost.Other.ResetBehind(_loop.DueResets);
        }
    }

    private void End()
    {
        _ended = true;
        _loop.Totals.StreamsEnded++;
        _loop.Linger.Remove(this);
        _loop.Direct.Remove(this);
    }

    private sealed class Side(DirectRelay relay, IStreamSocket socket) : ILocalSide, IByteOutputListener
    {
        private bool _inputEnded;
        private bool _outputShut;
        private bool _reading;

        public Side Other { get; set; } = null!;

        /// <summary>It has sent its end, and has been given the other's.</summary>
        public bool IsDone => _inputEnded && _outputShut;

        public void Start()
        {
            socket.OutputListener = this;
            socket.Channel.Pipeline.AddLast(LocalStreamHandler.Name, new LocalStreamHandler(this));
        }

        public void LookIfThere()
        {
            if (!socket.Channel.Active)
            {
                relay.OnLost(this);
            }
        }

        void ILocalSide.OnRead(IByteBuffer buffer)
        {
            if (relay._ended)
            {
                buffer.Release();
                return;
            }

            relay._lastActivity = Environment.TickCount64;
            relay._loop.Totals.BytesDirect += buffer.ReadableBytes;
            Other.Write(buffer);
            UpdateReading();
        }

        void ILocalSide.OnEnd()
        {
            _inputEnded = true;
            Other.ShutIfDrained();
        }

        void ILocalSide.OnLost(Exception? cause) => relay.OnLost(this);

        void IByteOutputListener.OnSent(int bytes)
        {
            relay._lastActivity = Environment.TickCount64;
            if (socket.PendingBytes == 0)
            {
                ShutIfDrained();
                Other.UpdateReading();
            }
        }

        public void UpdateReading()
        {
            bool reading = !_inputEnded && !relay._ended && Other.HasRoom;
            if (reading != _reading)
            {
                _reading = reading;
                socket.Channel.Configuration.AutoRead = reading;
            }
        }

        public void Close() => _ = socket.Channel.CloseAsync();

        public void Abort() => socket.Abort();

        public void ResetBehind(DueResets resets) => LocalReset.Begin(resets, socket, owesEnd: Other._inputEnded && !_outputShut);

        private bool HasRoom => socket.PendingBytes == 0;

        private void Write(IByteBuffer buffer) => socket.Send(buffer);

        private void ShutIfDrained()
        {
            if (Other._inputEnded && !_outputShut && !relay._ended && socket.PendingBytes == 0)
            {
                _outputShut = true;
                socket.ShutdownOutput();
                relay.OnHalfEnd();
            }
        }
    }
}
