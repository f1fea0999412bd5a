namespace IgsNetty.Gateway.Configuration.Sources;

/// <summary>What a key of the configuration file holds.</summary>
internal enum JsonShape
{
    /// <summary>Text, a number, true or false; also null, which is reported.</summary>
    Value,

    /// <summary><c>{ … }</c></summary>
    Section,

    /// <summary><c>[ … ]</c></summary>
    List,
}
