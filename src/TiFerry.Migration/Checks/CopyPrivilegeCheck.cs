using System.Runtime.CompilerServices;
using TiFerry.Migration.Copy;
using TiFerry.MySql;
using TiFerry.Schema.Tables;

namespace TiFerry.Migration.Checks;

/// <summary>Whether the source's account may read what is carried.</summary>
public static class CopyPrivilegeCheck
{
    private const string Name = "source privileges";

    /// <summary>Runs the check.</summary>
    public static async IAsyncEnumerable<CheckResult> RunAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        var grants = await Grants.ReadAsync(context.Source, ct);
        var account = (await context.Source.QueryScalarAsync("SELECT CURRENT_USER()", ct))!;
        var missing = new List<string>();
        foreach (var schema in await context.SchemasAsync(ct))
            AddReading(grants, schema, (await context.ObjectsAsync(ct)).Where(o => o.Name.Schema == schema).ToList(), missing);
        if (context.Options.Mode != MigrationMode.Incremental)
            AddLocking(grants, await LockedTablesAsync(context, ct), missing);

        yield return missing.Count == 0
            ? CheckResult.Pass(Name, $"{account} may do what is needed")
            : CheckResult.Error(Name, missing, list => $"{account} lacks {list}",
                $"as an administrator of the source: {PrivilegeText.Grant(missing, context.Source.Server, account)}");
        if (context.TakesAllSchemas && !grants.HasGlobal("SELECT") && !grants.HasGlobal("SHOW DATABASES"))
        {
            yield return CheckResult.Warning("source visibility", $"{account} sees only the databases that it has privileges on; others would be left out unseen",
                $"grant SHOW DATABASES on *.*, or name the databases with {context.Wording.Filter}");
        }
    }

    private static void AddReading(Grants grants, string schema, List<SourceObject> objects, List<string> missing)
    {
        if (!grants.HasSchema("SELECT", schema) && !objects.TrueForAll(o => grants.HasTable("SELECT", schema, o.Name.Name)))
            missing.Add($"SELECT on {TableName.Quote(schema)}.*");
        var views = objects.Where(o => o.IsView).ToList();
        if (!grants.HasSchema("SHOW VIEW", schema) && !views.TrueForAll(o => grants.HasTable("SHOW VIEW", schema, o.Name.Name)))
            missing.Add($"SHOW VIEW on {TableName.Quote(schema)}.*");
    }

    // MySQL tells the position of a table's copy only under a short read lock; a table without key and without transactions is locked while it is read.
    private static async ValueTask<List<TableName>> LockedTablesAsync(CheckContext context, CancellationToken ct)
    {
        var hasBinlog = await context.HasBinlogAsync(ct);
        var isOneSnapshot = hasBinlog && !RowImages.AreFull((await context.SourceVariablesAsync(ct)).GetValueOrDefault("binlog_row_image"));
        return [.. from table in await context.TablesAsync(ct)
                   where (hasBinlog && context.Source.Server.Flavour == ServerFlavour.MySql) || ((isOneSnapshot || table.RowKey is null) && !table.IsTransactional)
                   select table.Name];
    }

    private static void AddLocking(Grants grants, List<TableName> tables, List<string> missing)
    {
        // The server has LOCK TABLES for whole databases only.
        foreach (var schema in tables.Select(t => t.Schema).Distinct(StringComparer.Ordinal).Where(s => !grants.HasSchema("LOCK TABLES", s)))
            missing.Add($"LOCK TABLES on {TableName.Quote(schema)}.*");
    }
}
