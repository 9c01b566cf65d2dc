using System.Runtime.CompilerServices;
using TiFerry.MySql;
using TiFerry.Schema.Tables;

namespace TiFerry.Migration.Checks;

/// <summary>Whether the target's account may create and write what is carried.</summary>
public static class TargetPrivilegeCheck
{
    private const string Name = "target privileges";
    private static readonly string[] OfSchema = ["SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER", "INDEX"];
    private static readonly string[] OfMetaSchema = ["SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER"];

    /// <summary>Runs the check.</summary>
    public static async IAsyncEnumerable<CheckResult> RunAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        var grants = await Grants.ReadAsync(context.Target, ct);
        var account = (await context.Target.QueryScalarAsync("SELECT CURRENT_USER()", ct))!;
        var missing = new List<string>();
        var objects = await context.ObjectsAsync(ct);
        var schemas = await context.SchemasAsync(ct);
        foreach (var schema in await context.TargetSchemasAsync(ct))
        {
            var hasViews = objects.Exists(o => o.IsView && context.Names.Of(o.Name).Schema == schema);
            Add(grants, schema, hasViews ? [.. OfSchema, "CREATE VIEW", "SHOW VIEW"] : OfSchema, missing);
        }
        foreach (var schema in await SchemasWithForeignKeysAsync(context, objects, schemas, ct))
            Add(grants, schema, ["REFERENCES"], missing);
        Add(grants, context.Options.MetaSchema, OfMetaSchema, missing);
        yield return missing.Count == 0
            ? CheckResult.Pass(Name, $"{account} may do what is needed")
            : CheckResult.Error(Name, missing, list => $"{account} lacks {list}",
                $"as an administrator of the target: {PrivilegeText.Grant(missing, context.Target.Server, account)}");

        var definers = await OtherDefinersAsync(context, schemas, account, ct);
        if (definers.Count > 0 && !grants.HasGlobal("SUPER", "SET USER", "SET_USER_ID", "SET_ANY_DEFINER"))
        {
            var privilege = PrivilegeForDefiners(context.Target.Server);
            yield return CheckResult.Error("target view definers", definers, list => $"{account} may not create views for other accounts: {list}",
                $"as an administrator of the target: {PrivilegeText.Grant([$"{privilege} on *.*"], context.Target.Server, account)} or leave the views out with {context.Wording.Filter}");
        }
    }

    private static void Add(Grants grants, string schema, string[] privileges, List<string> missing)
    {
        var lacking = privileges.Where(p => !grants.HasSchema(p, schema)).ToList();
        if (lacking.Count > 0)
            missing.Add($"{string.Join(", ", lacking)} on {TableName.Quote(schema)}.*");
    }

    private static async ValueTask<List<string>> SchemasWithForeignKeysAsync(CheckContext context, List<SourceObject> objects, List<string> schemas, CancellationToken ct)
    {
        if (schemas.Count == 0)
            return [];
        var rows = await context.Source.QueryRowsAsync(
            $"SELECT DISTINCT TABLE_SCHEMA, TABLE_NAME FROM information_schema.TABLE_CONSTRAINTS WHERE CONSTRAINT_TYPE = 'FOREIGN KEY' AND TABLE_SCHEMA IN {SqlText.List(schemas)}", ct);
        var tables = rows.Select(r => new TableName(r[0]!, r[1]!)).ToHashSet();
        return [.. objects.Where(o => tables.Contains(o.Name)).Select(o => context.Names.Of(o.Name).Schema).Distinct(StringComparer.Ordinal)];
    }

    private static async ValueTask<List<string>> OtherDefinersAsync(CheckContext context, List<string> schemas, string account, CancellationToken ct)
    {
        if (schemas.Count == 0 || context.Options.Mode == MigrationMode.Incremental)
            return [];
        var rows = await context.Source.QueryRowsAsync(
            $"SELECT TABLE_SCHEMA, TABLE_NAME, DEFINER FROM information_schema.VIEWS WHERE TABLE_SCHEMA IN {SqlText.List(schemas)}", ct);
        return [.. rows.Where(r => context.Filter.MatchTable(r[0]!, r[1]!)).Select(r => r[2]!).Where(d => d != account).Distinct(StringComparer.Ordinal)];
    }

    private static string PrivilegeForDefiners(ServerInfo server) => server.Flavour switch
    {
        ServerFlavour.MariaDb when server.IsAtLeast(10, 5) => "SET USER",
        ServerFlavour.MySql when server.IsAtLeast(8, 2) => "SET_ANY_DEFINER, ALLOW_NONEXISTENT_DEFINER",
        ServerFlavour.MySql when server.IsAtLeast(8, 0) => "SET_USER_ID",
        _ => "SUPER",
    };
}
