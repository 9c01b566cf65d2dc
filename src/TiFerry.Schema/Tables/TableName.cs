namespace TiFerry.Schema.Tables;

/// <summary>The name of a table, view or sequence: schema and name as the server stores them, without quotes.</summary>
/// <param name="Schema">The database; empty only for the pseudo name of a whole server.</param>
/// <param name="Name">The object; empty for the database itself.</param>
public readonly record struct TableName(string Schema, string Name) : IComparable<TableName>
{
    /// <inheritdoc/>
    public int CompareTo(TableName other)
    {
        var bySchema = string.CompareOrdinal(Schema, other.Schema);
        return bySchema != 0 ? bySchema : string.CompareOrdinal(Name, other.Name);
    }

    /// <summary>The quoted form for SQL and messages: <c>`db`.`table`</c>.</summary>
    public override string ToString() =>
        Name.Length == 0 ? Quote(Schema) : $"{Quote(Schema)}.{Quote(Name)}";

    /// <summary>An identifier in backticks, backticks inside doubled (MySQL manual, "Schema Object Names").</summary>
    public static string Quote(string identifier) => $"`{identifier.Replace("`", "``", StringComparison.Ordinal)}`";
}
