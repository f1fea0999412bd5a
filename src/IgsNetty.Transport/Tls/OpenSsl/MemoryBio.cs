using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace IgsNetty.Transport.Tls.OpenSsl;

/// <summary>
/// The BIO that an engine stands behind: OpenSSL reads what the engine was given, and writes to the engine's output, with no buffer
/// in between. No exception leaves a callback.
/// </summary>
internal static unsafe class MemoryBio
{
    private const int Failed = -1;

    private static readonly nint Method = MakeMethod();

    /// <summary>A new one; who takes it over frees it.</summary>
    /// <param name="engine">A handle of the engine, which outlives it.</param>
    public static nint Create(GCHandle engine)
    {
        nint bio = LibCrypto.NewBio(Method);
        LibCrypto.SetBioData(bio, GCHandle.ToIntPtr(engine));
        LibCrypto.SetBioReady(bio, 1);
        return bio;
    }

    private static nint MakeMethod()
    {
        nint method = LibCrypto.NewBioMethod(LibCrypto.NewBioType() | LibCrypto.BioSourceSink, "igsnetty");
        bool isMade = method != 0
            && LibCrypto.SetBioRead(method, &Read) == 1
            && LibCrypto.SetBioWrite(method, &Write) == 1
            && LibCrypto.SetBioControl(method, &Control) == 1;
        return isMade ? method : throw OpenSslErrors.Take("OpenSSL takes no BIO");
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(nint bio, byte* destination, int count)
    {
        int taken = Engine(bio) is { } engine ? engine.TakeInput(new Span<byte>(destination, count)) : Failed;
        LibCrypto.ClearBioFlags(bio, LibCrypto.BioRetryRead);
        if (taken != 0)
        {
            return taken;
        }

        LibCrypto.SetBioFlags(bio, LibCrypto.BioRetryRead);
        return Failed;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(nint bio, byte* source, int count) =>
        Engine(bio) is { } engine && engine.PutOutput(new ReadOnlySpan<byte>(source, count)) ? count : Failed;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Control(nint bio, int command, nint number, nint pointer) => command == LibCrypto.BioFlush ? 1 : 0;

    private static OpenSslEngine? Engine(nint bio) => GCHandle.FromIntPtr(LibCrypto.GetBioData(bio)).Target as OpenSslEngine;
}
