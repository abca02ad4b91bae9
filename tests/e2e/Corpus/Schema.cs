namespace LxcfsFunctions.EndToEnd.Corpus;

internal enum Form
{
    Text,
    Integer,
    Number,
    Boolean,
    Quantity,
    IntOrText,
    Time,
    Object,
    List,
    Map,
}

/// <summary>What a field of a kind holds.</summary>
/// <param name="Kind">The name of an object's kind, as Container; empty for everything else.</param>
internal sealed record Schema(Form Form, string Kind = "")
{
    /// <summary>An object's fields.</summary>
    public IReadOnlyDictionary<string, Schema> Fields { get; init; } = new Dictionary<string, Schema>();

    /// <summary>The fields that an object can't be without.</summary>
    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>What a list or a map is made of.</summary>
    public Schema? Items { get; init; }
}
