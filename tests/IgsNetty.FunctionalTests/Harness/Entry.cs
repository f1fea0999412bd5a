namespace IgsNetty.FunctionalTests.Harness;

/// <summary>How a caller enters the calling-side gateway.</summary>
public enum Entry
{
    Forward,
    Socks5,
    HttpConnect,
}
