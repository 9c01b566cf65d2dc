using System.Runtime.CompilerServices;
using TiFerry.Schema.Ddl;
using TiFerry.Schema.Tables;

namespace TiFerry.Migration.Checks;

/// <summary>Character sets and collations that the target does not have.</summary>
public static class CollationCheck
{
    private const string Name = "target collations";

    /// <summary>Runs the check.</summary>
    public static async IAsyncEnumerable<CheckResult> RunAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        var dialect = await TargetDialect.CreateAsync(context.Source.Server, context.Target, ct);
        var known = (await context.Target.QueryRowsAsync("SELECT COLLATION_NAME FROM information_schema.COLLATIONS", ct)).Select(r => r[0]!).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var isExact = true;
        foreach (var (collation, users) in await UsersAsync(context, ct))
        {
            var choice = dialect.Mapping.Collation(collation);
            if (choice.IsExact)
                continue;
            isExact = false;
            // With nothing near, the mapping leaves the name as it is.
            yield return choice.Name == collation && !known.Contains(collation)
                ? CheckResult.Error(Name, users, list => $"the target has neither {collation} nor a collation near it; used by {list}", $"change the collation on the source, or leave the tables out with {context.Wording.Filter}")
                : CheckResult.Warning(Name, users, list => $"{collation} becomes {choice.Name} ({choice.Difference}); used by {list}",
                    "see that no unique key and no query depends on the difference");
        }
        if (isExact)
            yield return CheckResult.Pass(Name, "the target has all character sets and collations");
    }

    private static async ValueTask<SortedDictionary<string, SortedSet<string>>> UsersAsync(CheckContext context, CancellationToken ct)
    {
        var users = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        var schemas = await context.SchemasAsync(ct);
        if (schemas.Count > 0)
        {
            foreach (var row in await context.Source.QueryRowsAsync(
                $"SELECT SCHEMA_NAME, DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME IN {SqlText.List(schemas)}", ct))
            {
                Add(row[1], TableName.Quote(row[0]!));
            }
        }
        foreach (var source in await context.ObjectsAsync(ct))
            Add(source.Collation, source.Name.ToString());
        foreach (var table in await context.TablesAsync(ct))
        {
            foreach (var column in table.Columns)
                Add(column.Collation, table.Name.ToString());
        }
        return users;

        void Add(string? collation, string user)
        {
            if (collation is null)
                return;
            if (!users.TryGetValue(collation, out var list))
                users.Add(collation, list = new SortedSet<string>(StringComparer.Ordinal));
            list.Add(user);
        }
    }
}
