namespace IgsNetty.Endpoints.Names;

/// <summary>RCODE of a DNS answer (RFC 1035 §4.1.1). Any other value is a failure of the server.</summary>
internal enum DnsReplyCode
{
    NoError = 0,
    FormatError = 1,
    ServerFailure = 2,
    NameError = 3,
    NotImplemented = 4,
    Refused = 5,
}
