namespace TiFerry.Schema.Tables;

/// <summary>A primary or unique key.</summary>
public sealed record TableKey
{
    /// <summary>The index name; <c>PRIMARY</c> for the primary key.</summary>
    public required string Name { get; init; }

    /// <summary>Ordinals of the key's columns in key order; empty where a part is an expression.</summary>
    public required IReadOnlyList<int> Columns { get; init; }

    /// <summary>Whether it is the primary key.</summary>
    public bool IsPrimary => string.Equals(Name, "PRIMARY", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a part is an expression or covers only a prefix of its column, so that column values don't tell key values.</summary>
    public bool IsPartial { get; init; }

    /// <summary>Whether a part may be NULL, so that several rows can have the same key.</summary>
    public bool IsNullable { get; init; }
}
