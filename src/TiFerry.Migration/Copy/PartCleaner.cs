using TiFerry.Migration.Routes;
using TiFerry.MySql;
using TiFerry.Schema.Tables;

namespace TiFerry.Migration.Copy;

/// <summary>Takes away what a copy that begins again has left in a target table, and nothing else.</summary>
/// <param name="target">A writing session on the target.</param>
internal sealed class PartCleaner(MySqlConnection target)
{
    private const int BatchRows = 10_000;

    /// <summary>Takes a part away so that its definition can be made anew: a table that the copy made is dropped.</summary>
    /// <param name="part">The part.</param>
    /// <param name="keepsTable">Whether somebody made the table with more in it than the source has, so that it has to stay.</param>
    /// <param name="ct">Stops the work.</param>
    public async ValueTask BeginAgainAsync(TargetPart part, bool keepsTable, CancellationToken ct)
    {
        var type = await target.QueryScalarAsync(
            $"SELECT TABLE_TYPE FROM information_schema.TABLES WHERE TABLE_SCHEMA = {SqlText.Literal(part.Table.Schema)} AND TABLE_NAME = {SqlText.Literal(part.Table.Name)}", ct);
        if (type is null)
            return;
        if (type == "VIEW")
            await target.ExecuteAsync($"DROP VIEW IF EXISTS {part.Table}", ct);
        else if (part.IsWholeTable && !keepsTable)
            await target.ExecuteAsync($"DROP TABLE IF EXISTS {part.Table}", ct);
        else
            await EmptyAsync(part, ct);
    }

    /// <summary>Takes the rows of a part away.</summary>
    /// <param name="part">The part, of a table that exists.</param>
    /// <param name="ct">Stops the work.</param>
    public async ValueTask EmptyAsync(TargetPart part, CancellationToken ct)
    {
        if (part.IsWholeTable)
        {
            await target.ExecuteAsync($"TRUNCATE TABLE {part.Table}", ct);
            return;
        }
        while ((await target.ExecuteAsync($"DELETE FROM {part.Table} WHERE {part.Condition} LIMIT {BatchRows}", ct)).AffectedRows == BatchRows)
        {
        }
    }
}
