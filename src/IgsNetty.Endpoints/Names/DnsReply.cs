using System.Net;

namespace IgsNetty.Endpoints.Names;

/// <summary>What a name server answered about one name and one type.</summary>
/// <param name="Code">Its RCODE.</param>
/// <param name="IsTruncated">The answer did not fit; TCP has all of it.</param>
/// <param name="Addresses">Those of the name, at the end of its chain of aliases. In the server's order.</param>
internal sealed record DnsReply(DnsReplyCode Code, bool IsTruncated, IReadOnlyList<IPAddress> Addresses);
