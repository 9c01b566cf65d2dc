using TiFerry.Core.Errors;
using TiFerry.Schema.Tables;

namespace TiFerry.Schema.Tracking;

/// <summary>The errors of statements that don't fit the tracked tables.</summary>
internal static class TrackerErrors
{
    private const string WayOut = "set the table's definition as it is behind this statement, and skip the statement for the tracker";

    public static TiFerryException CannotFollow(string table, string clause, string reason) =>
        new(SchemaErrors.CannotTrack, ErrorScope.Upstream, $"{clause} can't be applied to the tracked table {TableName.Quote(table)}: {reason}", WayOut);

    public static TiFerryException NoColumn(string table, string clause, string column) =>
        CannotFollow(table, clause, $"it has no column {TableName.Quote(column)}");
}
