using System.Text;
using IgsNetty.Endpoints.Proxy;

namespace IgsNetty.Gateway.Commands;

/// <summary>
/// <c>igsnetty hash-password</c>: a password in, a hash for <c>Proxy:Users</c> out. It is read from standard input, never from
/// the command line, which every user of the machine can see.
/// </summary>
internal static class HashPasswordCommand
{
    private const int MostBytes = 255; // RFC 1929 has one byte for the length

    /// <param name="readPassword">Asks for a password with this prompt; null: there was none.</param>
    /// <param name="isTyped">Ask twice: typed blindly.</param>
    /// <param name="output">For the hash alone.</param>
    /// <param name="error">For everything else.</param>
    /// <returns>The exit code.</returns>
    public static int Run(Func<string, string?> readPassword, bool isTyped, TextWriter output, TextWriter error)
    {
        string? password = readPassword("Password: ");
        if (string.IsNullOrEmpty(password) || Encoding.UTF8.GetByteCount(password) > MostBytes)
        {
            error.WriteLine($"igsnetty hash-password: a password of 1 to {MostBytes} bytes must come on standard input, in one line");
            return ExitCode.Usage;
        }

        if (isTyped && readPassword("Again: ") != password)
        {
            error.WriteLine("igsnetty hash-password: the two are not the same");
            return ExitCode.Usage;
        }

        output.WriteLine(PasswordHash.Create(Encoding.UTF8.GetBytes(password)));
        return ExitCode.Success;
    }

    /// <summary>With the program's own standard input.</summary>
    public static int Run(TextWriter output, TextWriter error) => Console.IsInputRedirected
        ? Run(_ => Console.In.ReadLine(), isTyped: false, output, error)
        : Run(prompt => ReadBlindly(prompt, error), isTyped: true, output, error);

    private static string ReadBlindly(string prompt, TextWriter error)
    {
        error.Write(prompt);
        error.Flush();
        StringBuilder typed = new();
        ConsoleKeyInfo key;
        while ((key = Console.ReadKey(intercept: true)).Key != ConsoleKey.Enter)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                typed.Length = Math.Max(0, typed.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                typed.Append(key.KeyChar);
            }
        }

        error.WriteLine();
        return typed.ToString();
    }
}
