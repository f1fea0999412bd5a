using System.Net;

namespace IgsNetty.Gateway.Configuration.Sections;

/// <summary>Reads <c>Admin</c>, so that a configuration may be written ahead of the admin page.</summary>
internal static class AdminSection
{
    public static IPEndPoint? Read(SectionReader section)
    {
        IPEndPoint? listen = section.Listen("Listen");
        if (listen is not null)
        {
            section.Warning("Listen", "this version has no admin page yet; the address is not opened");
        }

        section.Complete();
        return listen;
    }
}
