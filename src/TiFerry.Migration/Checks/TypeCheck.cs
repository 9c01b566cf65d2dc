using System.Runtime.CompilerServices;
using TiFerry.MySql;
using TiFerry.Schema.Tables;

namespace TiFerry.Migration.Checks;

/// <summary>Data types that the target, or this program, does not know.</summary>
public static class TypeCheck
{
    private const string Name = "target data types";

    /// <summary>Runs the check.</summary>
    public static async IAsyncEnumerable<CheckResult> RunAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var problem in await context.UnreadableTablesAsync(ct))
            yield return CheckResult.Error("source data types", problem, $"leave the table out with {context.Wording.Filter}, or change the column's type");

        var server = context.Target.Server;
        var existing = (await context.TargetObjectsAsync(ct)).Keys.ToHashSet();
        var unknown = from table in await context.TablesAsync(ct)
                      where !existing.Contains(context.Names.Of(table.Name))
                      from column in table.Columns
                      let lacking = Lacking(column, server)
                      where lacking is not null
                      group $"{table.Name}.{TableName.Quote(column.Name)}" by lacking;
        var isClean = true;
        foreach (var group in unknown)
        {
            isClean = false;
            yield return CheckResult.Error(Name, group.ToList(), list => $"the target has no {group.Key}, which these columns are: {list}",
                $"create the table on the target by hand with columns that can hold the values, change the columns, or leave the tables out with {context.Wording.Filter}");
        }
        if (isClean)
            yield return CheckResult.Pass(Name, "the target has all data types");
    }

    // MariaDB knowledge base, "Data Types"; MySQL reference manual, "What Is New"; TiDB manual, "MySQL Compatibility".
    private static string? Lacking(Column column, ServerInfo server)
    {
        var (mariaDb, mySql, tiDb, name) = column.Kind switch
        {
            ColumnKind.Uuid => (server.IsAtLeast(10, 7), false, false, "type UUID"),
            ColumnKind.Inet4 => (server.IsAtLeast(10, 10), false, false, "type INET4"),
            ColumnKind.Inet6 => (server.IsAtLeast(10, 5), false, false, "type INET6"),
            ColumnKind.Vector => (server.IsAtLeast(11, 7), server.IsAtLeast(9, 0), server.IsTiDbAtLeast(8, 4), "type VECTOR"),
            ColumnKind.Json => (server.IsAtLeast(10, 2, 7), server.IsAtLeast(5, 7, 8), true, "type JSON"),
            ColumnKind.Geometry => (true, true, false, "spatial types"),
            _ when column.IsGenerated => (true, server.IsAtLeast(5, 7, 6), true, "generated columns"),
            _ => (true, true, true, ""),
        };
        var hasIt = server.Flavour switch
        {
            ServerFlavour.MariaDb => mariaDb,
            ServerFlavour.TiDb => tiDb,
            _ => mySql,
        };
        return hasIt ? null : name;
    }
}
