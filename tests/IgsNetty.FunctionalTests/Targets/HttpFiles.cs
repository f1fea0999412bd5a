using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace IgsNetty.FunctionalTests.Targets;

/// <summary>A web server whose files are payload: <c>GET /1048576…</c> answers with so many bytes. Keeps connections open.</summary>
internal static class HttpFiles
{
    public static TcpTarget<int> Serve() => new(async (socket, stop) =>
    {
        int answered = 0;
        StringBuilder head = new();
        byte[] buffer = new byte[4096];
        int count;
        while ((count = await socket.ReceiveAsync(buffer, stop)) > 0)
        {
            head.Append(Encoding.ASCII.GetString(buffer, 0, count));
            int end = head.ToString().IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0)
            {
                await AnswerAsync(socket, head.ToString(0, end), stop);
                head.Remove(0, end + 4);
                answered++;
            }
        }

        return answered;
    });

    /// <summary>The path of a file; the name tells apart files of one size.</summary>
    public static string Path(long length, string name = "file") => $"/{length}/{name}";

    private static async Task AnswerAsync(Socket socket, string head, CancellationToken stop)
    {
        string path = head.Split(' ', 3)[1];
        long length = long.Parse(path.Split('/')[1], CultureInfo.InvariantCulture);
        byte[] answer = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n");
        await socket.SendAsync(answer, stop);
        await Transfer.SendAsync(socket, length, stop);
    }
}
