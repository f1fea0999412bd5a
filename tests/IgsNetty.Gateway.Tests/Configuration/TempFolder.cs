using IgsNetty.Gateway.Commands.Certificates;
using Xunit;

namespace IgsNetty.Gateway.Tests.Configuration;

/// <summary>A folder of its own for one test, gone afterwards.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("igsnetty-config-").FullName;

    /// <returns>The full name of the file.</returns>
    public string Write(string name, string text)
    {
        string path = System.IO.Path.Combine(Path, name);
        File.WriteAllText(path, text);
        return path;
    }

    public string WriteBytes(string name, byte[] bytes)
    {
        string path = System.IO.Path.Combine(Path, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>A good shared key, readable by its owner alone.</summary>
    public string WriteKey(string name = "link.key")
    {
        string path = Write(name, "0123456789abcdef\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return path;
    }

    /// <summary>An authority <c>ca.pem</c>, and a certificate and key for each gateway.</summary>
    public void WriteCertificates(params string[] names)
    {
        Assert.Equal(0, CertCommand.Run(["authority", "--out", Path], TextWriter.Null, Console.Error));
        Assert.Equal(0, CertCommand.Run(["issue", .. names, "--out", Path], TextWriter.Null, Console.Error));
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
