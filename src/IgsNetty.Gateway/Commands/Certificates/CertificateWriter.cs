namespace IgsNetty.Gateway.Commands.Certificates;

/// <summary>
/// Writes the files of <c>igsnetty cert</c>. Each appears whole or not at all, so a gateway that looks at them meanwhile never sees a
/// half; none is replaced unless that was asked for.
/// </summary>
internal sealed class CertificateWriter(string folder, bool replaces)
{
    private const UnixFileMode Secret = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Public = Secret | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public string PathOf(string file) => Path.Combine(folder, file);

    /// <summary>Sees to it that a file may be written, before any is.</summary>
    /// <exception cref="CertException">It is there already.</exception>
    public string Reserve(string file)
    {
        string path = PathOf(file);
        return replaces || !File.Exists(path) ? path : throw new CertException($"{path} is there already; --force replaces it");
    }

    public void Write(string file, string pem) => Write(file, pem, Public);

    /// <summary>Readable by its owner alone.</summary>
    public void WriteSecret(string file, string pem) => Write(file, pem, Secret);

    private void Write(string file, string pem, UnixFileMode mode)
    {
        Directory.CreateDirectory(folder);
        string path = PathOf(file);
        string next = path + ".new";
        File.Delete(next);
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        using (StreamWriter writer = new(next, options))
        {
            writer.Write(pem);
            writer.Write('\n');
        }

        File.Move(next, path, overwrite: replaces);
    }
}
