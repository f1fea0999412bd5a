using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace IgsNetty.Transport.Tls.OpenSsl;

/// <summary>An SSL, its BIO, and the handle by which the BIO finds its engine.</summary>
internal sealed class ConnectionHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private GCHandle _engine;

    public ConnectionHandle(nint ssl, OpenSslEngine engine)
        : base(ownsHandle: true)
    {
        SetHandle(ssl);

        // Weak: an engine that nobody disposes of goes with its last reader, and this goes with it.
        _engine = GCHandle.Alloc(engine, GCHandleType.Weak);
        nint bio = MemoryBio.Create(_engine);
        LibSsl.SetBio(ssl, bio, bio);
    }

    protected override bool ReleaseHandle()
    {
        LibSsl.Free(handle);
        _engine.Free();
        return true;
    }
}
