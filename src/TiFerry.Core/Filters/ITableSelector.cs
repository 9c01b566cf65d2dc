namespace TiFerry.Core.Filters;

/// <summary>Decides which tables of the source take part. Implementations are immutable and safe to share between threads.</summary>
public interface ITableSelector
{
    /// <summary>Whether some table of the database might take part, so that the database itself is carried; false only if none can.</summary>
    bool MatchSchema(string schema);

    /// <summary>Whether the table takes part.</summary>
    bool MatchTable(string schema, string table);
}
