using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;

namespace IgsNetty.ArchitectureTests;

/// <summary>The assemblies that the projects under src make.</summary>
internal static class Product
{
    /// <summary>Their names, as the build told them.</summary>
    public static IReadOnlyList<string> Names { get; } = typeof(Product).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "Products")
        .Value!.Split(';');

    public static Assembly Load(string name) => Assembly.Load(new AssemblyName(name));

    /// <summary>The names of the assemblies whose types it uses.</summary>
    public static IReadOnlyList<string> References(string name) => [.. Load(name).GetReferencedAssemblies().Select(reference => reference.Name!).Order()];

    /// <summary>The full names of the types of other assemblies that it uses.</summary>
    public static IReadOnlyList<string> TypeReferences(string name)
    {
        using FileStream file = File.OpenRead(Load(name).Location);
        using PEReader image = new(file);
        MetadataReader metadata = image.GetMetadataReader();
        return
        [
            .. metadata.TypeReferences
                .Select(metadata.GetTypeReference)
                .Select(type => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}")
                .Distinct()
                .Order(),
        ];
    }

    /// <summary>The types that somebody wrote, of all assemblies.</summary>
    public static IEnumerable<Type> Types() => Names.SelectMany(name => Load(name).GetTypes()).Where(IsWritten);

    private static bool IsWritten(Type type) =>
        !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        && !type.Name.Contains('<', StringComparison.Ordinal)
        && (type.DeclaringType is null || IsWritten(type.DeclaringType));
}
