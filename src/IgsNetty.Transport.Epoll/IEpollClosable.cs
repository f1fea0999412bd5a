namespace IgsNetty.Transport.Epoll;

/// <summary>Something that is registered with a loop and closed with it.</summary>
internal interface IEpollClosable
{
    /// <summary>Closes it; on its loop.</summary>
    void CloseWithLoop();
}
