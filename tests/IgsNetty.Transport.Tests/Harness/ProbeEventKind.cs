namespace IgsNetty.Transport.Tests.Harness;

internal enum ProbeEventKind
{
    Active,
    Read,
    ReadComplete,
    InputShutdown,
    Exception,
    Inactive,
}
