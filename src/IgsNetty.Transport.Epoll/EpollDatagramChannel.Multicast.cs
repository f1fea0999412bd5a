using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using IgsNetty.Transport.Epoll.Native;
using TaskCompletionSource = DotNetty.Common.Concurrency.TaskCompletionSource;

namespace IgsNetty.Transport.Epoll;

/// <content>
/// Multicast groups. On any thread. Without an interface the kernel chooses one. With a source, only its datagrams are received (RFC 3678);
/// the port of the addresses has no meaning. A channel that is bound to one address receives nothing that was sent to a group.
/// </content>
public sealed partial class EpollDatagramChannel
{
    /// <inheritdoc/>
    public Task JoinGroup(IPEndPoint multicastAddress) => Join(multicastAddress, null, null, null);

    /// <inheritdoc/>
    public Task JoinGroup(IPEndPoint multicastAddress, TaskCompletionSource promise) => Join(multicastAddress, null, null, promise);

    /// <inheritdoc/>
    public Task JoinGroup(IPEndPoint multicastAddress, NetworkInterface networkInterface) =>
        Join(multicastAddress, networkInterface, null, null);

    /// <inheritdoc/>
    public Task JoinGroup(IPEndPoint multicastAddress, NetworkInterface networkInterface, TaskCompletionSource promise) =>
        Join(multicastAddress, networkInterface, null, promise);

    /// <inheritdoc/>
    public Task JoinGroup(IPEndPoint multicastAddress, NetworkInterface networkInterface, IPEndPoint source) =>
        Join(multicastAddress, networkInterface, source, null);

    /// <inheritdoc/>
    public Task JoinGroup(
        IPEndPoint multicastAddress, NetworkInterface networkInterface, IPEndPoint source, TaskCompletionSource promise) =>
        Join(multicastAddress, networkInterface, source, promise);

    /// <inheritdoc/>
    public Task LeaveGroup(IPEndPoint multicastAddress) => Leave(multicastAddress, null, null, null);

    /// <inheritdoc/>
    public Task LeaveGroup(IPEndPoint multicastAddress, TaskCompletionSource promise) => Leave(multicastAddress, null, null, promise);

    /// <inheritdoc/>
    public Task LeaveGroup(IPEndPoint multicastAddress, NetworkInterface networkInterface) =>
        Leave(multicastAddress, networkInterface, null, null);

    /// <inheritdoc/>
    public Task LeaveGroup(IPEndPoint multicastAddress, NetworkInterface networkInterface, TaskCompletionSource promise) =>
        Leave(multicastAddress, networkInterface, null, promise);

    /// <inheritdoc/>
    public Task LeaveGroup(IPEndPoint multicastAddress, NetworkInterface networkInterface, IPEndPoint source) =>
        Leave(multicastAddress, networkInterface, source, null);

    /// <inheritdoc/>
    public Task LeaveGroup(
        IPEndPoint multicastAddress, NetworkInterface networkInterface, IPEndPoint source, TaskCompletionSource promise) =>
        Leave(multicastAddress, networkInterface, source, promise);

    private Task Join(IPEndPoint group, NetworkInterface? networkInterface, IPEndPoint? source, TaskCompletionSource? promise) =>
        ChangeMembership(isJoin: true, group, networkInterface, source, promise);

    private Task Leave(IPEndPoint group, NetworkInterface? networkInterface, IPEndPoint? source, TaskCompletionSource? promise) =>
        ChangeMembership(isJoin: false, group, networkInterface, source, promise);

    private Task ChangeMembership(
        bool isJoin, IPEndPoint group, NetworkInterface? networkInterface, IPEndPoint? source, TaskCompletionSource? promise)
    {
        promise ??= new TaskCompletionSource();
        try
        {
            bool isIPv6 = group.AddressFamily == AddressFamily.InterNetworkV6;
            int index = networkInterface is null ? 0 : MulticastRequest.IndexOf(networkInterface, isIPv6);
            MulticastRequest.Set(Descriptor, isJoin, group, index, source);
            promise.TryComplete();
        }
        catch (Exception e)
        {
            promise.TrySetException(e);
        }

        return promise.Task;
    }
}
