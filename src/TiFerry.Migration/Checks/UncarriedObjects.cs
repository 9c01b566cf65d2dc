using TiFerry.Core.Filters;
using TiFerry.MySql;
using TiFerry.MySql.Sessions;
using TiFerry.Schema.Tables;

namespace TiFerry.Migration.Checks;

/// <summary>What databases hold besides tables and views. It is not carried, and has to be created on the target by hand before clients move there.</summary>
/// <param name="Triggers">Names as <c>schema.trigger</c>.</param>
/// <param name="Routines">Procedures and functions, as <c>schema.routine</c>.</param>
/// <param name="Events">Names as <c>schema.event</c>.</param>
public sealed record UncarriedObjects(IReadOnlyList<string> Triggers, IReadOnlyList<string> Routines, IReadOnlyList<string> Events)
{
    /// <summary>Reads what the source has of them in the databases that take part.</summary>
    /// <param name="options">The migration.</param>
    /// <param name="ct">Stops the reading.</param>
    public static async ValueTask<UncarriedObjects> ReadAsync(MigrationOptions options, CancellationToken ct)
    {
        await using var source = await Session.OpenForReadingAsync(options.Source, ct);
        var filter = options.DataTables();
        var rows = await source.QueryRowsAsync("SELECT SCHEMA_NAME FROM information_schema.SCHEMATA", ct);
        return await ReadAsync(source, filter.MatchTable, [.. rows.Select(r => r[0]!).Where(s => !SystemSchemas.Contains(s) && s != options.MetaSchema && filter.MatchSchema(s))], ct);
    }

    internal static async ValueTask<UncarriedObjects> ReadAsync(MySqlConnection source, Func<string, string, bool> takesPart, List<string> schemas, CancellationToken ct)
    {
        if (schemas.Count == 0)
            return new UncarriedObjects([], [], []);
        var list = SqlText.List(schemas);
        var triggers = await source.QueryRowsAsync($"SELECT TRIGGER_SCHEMA, TRIGGER_NAME, EVENT_OBJECT_TABLE FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA IN {list}", ct);
        var routines = await source.QueryRowsAsync($"SELECT ROUTINE_SCHEMA, ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA IN {list}", ct);
        var events = await source.QueryRowsAsync($"SELECT EVENT_SCHEMA, EVENT_NAME FROM information_schema.EVENTS WHERE EVENT_SCHEMA IN {list}", ct);
        return new UncarriedObjects([.. triggers.Where(r => takesPart(r[0]!, r[2]!)).Select(Name)], routines.ConvertAll(Name), events.ConvertAll(Name));
    }

    private static string Name(string?[] row) => $"{row[0]}.{row[1]}";
}
