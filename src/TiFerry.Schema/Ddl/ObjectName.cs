namespace TiFerry.Schema.Ddl;

/// <summary>The name of a table, view or another object, as a statement writes it.</summary>
/// <param name="Schema">The database; null where the statement leaves it to the session's default one.</param>
/// <param name="Name">The object.</param>
public readonly record struct ObjectName(string? Schema, string Name)
{
    /// <summary>The same name with <paramref name="schema"/> filled in where none was written.</summary>
    public ObjectName InSchema(string schema) => Schema is null ? this with { Schema = schema } : this;

    /// <summary>The name quoted for SQL.</summary>
    public override string ToString() => Schema is null ? Quote(Name) : $"{Quote(Schema)}.{Quote(Name)}";

    private static string Quote(string name) => $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";
}
