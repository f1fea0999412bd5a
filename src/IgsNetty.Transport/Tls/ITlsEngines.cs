namespace IgsNetty.Transport.Tls;

/// <summary>Makes engines that show one certificate. Thread-safe, immutable.</summary>
public interface ITlsEngines
{
    /// <summary>For the log: what the engines are made of.</summary>
    string Name { get; }

    /// <param name="dialled">This end opened the connection, and so is TLS's client.</param>
    /// <param name="output">Where its records go.</param>
    ITlsEngine Create(bool dialled, ITlsOutput output);
}
