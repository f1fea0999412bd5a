// .NET: one way of using sockets a run. sockets WAY HOST PORT
using System.Net;
using System.Net.Sockets;
using System.Text;

string way = args[0], host = args[1];
int port = int.Parse(args[2]);
byte[] hello = "hello\n"u8.ToArray();
using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
byte[] received = way switch
{
    "http" => await new HttpClient().GetByteArrayAsync($"http://{host}:{port}/hello", limit.Token),
    "https" => await new HttpClient().GetByteArrayAsync($"https://{host}:{port}/hello", limit.Token),
    "tcp" => await Tcp(),
    "udp" => await Udp(),
    "udp-connected" => await UdpConnected(),
    _ => throw new ArgumentException(way),
};
Console.Out.Write(Encoding.UTF8.GetString(received));

async Task<byte[]> Tcp()
{
    using TcpClient call = new();
    await call.ConnectAsync(host, port, limit.Token);
    await call.GetStream().WriteAsync(hello, limit.Token);
    byte[] answer = new byte[hello.Length];
    await call.GetStream().ReadExactlyAsync(answer, limit.Token);
    return answer;
}

async Task<byte[]> Udp()
{
    using UdpClient flow = new(AddressFamily.InterNetwork);
    await flow.SendAsync(hello, new IPEndPoint(IPAddress.Parse(host), port), limit.Token);
    return (await flow.ReceiveAsync(limit.Token)).Buffer;
}

async Task<byte[]> UdpConnected()
{
    using UdpClient flow = new(host, port);
    await flow.SendAsync(hello, limit.Token);
    return (await flow.ReceiveAsync(limit.Token)).Buffer;
}
