using Microsoft.Win32.SafeHandles;

namespace IgsNetty.Transport.Tls.OpenSsl;

/// <summary>An SSL_CTX. Engines that were made of it keep what they need of it alive by themselves.</summary>
internal sealed class ContextHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public ContextHandle(nint context)
        : base(ownsHandle: true) => SetHandle(context);

    protected override bool ReleaseHandle()
    {
        LibSsl.FreeContext(handle);
        return true;
    }
}
