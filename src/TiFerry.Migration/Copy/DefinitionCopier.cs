using System.Text.RegularExpressions;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Migration.Routes;
using TiFerry.MySql;
using TiFerry.MySql.Sessions;
using TiFerry.Schema.Ddl;
using TiFerry.Schema.Lexing;
using TiFerry.Schema.Tables;

namespace TiFerry.Migration.Copy;

/// <summary>How a table is created on the target.</summary>
/// <param name="Indexes">Its definition, and the indexes that come later.</param>
/// <param name="IsStrict">Whether the target may find keys equal that the source tells apart.</param>
internal sealed record TableCreation(DeferredIndexes Indexes, bool IsStrict);

/// <summary>Creates databases, tables and views on the target as the source describes them.</summary>
/// <param name="source">A reading session on the source.</param>
/// <param name="target">A writing session on the target.</param>
/// <param name="dialect">What has to be said differently on the target.</param>
/// <param name="names">Where objects go.</param>
/// <param name="log">Told of what definitions lose on the target.</param>
internal sealed partial class DefinitionCopier(MySqlConnection source, MySqlConnection target, TargetDialect dialect, TargetNames names, Log log)
{
    private const int UnknownDatabase = 1049;
    private const int TableExists = 1050;
    private const int NoSuchTable = 1146;
    private const int InvalidView = 1356;
    private const string Utf8 = "SET character_set_client = utf8mb4, collation_connection = utf8mb4_general_ci";
    private readonly HashSet<string> _schemas = new(StringComparer.Ordinal);

    /// <summary>Creates a database, or gives an existing one the source's character set.</summary>
    /// <param name="schema">The source's database.</param>
    /// <param name="targetSchema">Its name on the target.</param>
    /// <param name="ct">Stops the work.</param>
    /// <returns>False where the source has no such database.</returns>
    public async ValueTask<bool> CreateSchemaAsync(string schema, string targetSchema, CancellationToken ct)
    {
        if (await CharacterSetOfAsync(source, schema, ct) is not { } ofSource)
            return false;
        var (options, _) = dialect.RewriteDefinition(ofSource);
        // MySQL 8 makes both statements wait for all open transactions that wrote to the database, even where they change nothing.
        var existing = await CharacterSetOfAsync(target, targetSchema, ct);
        if (existing is null)
            await target.ExecuteAsync($"CREATE DATABASE IF NOT EXISTS {TableName.Quote(targetSchema)} {options}", ct);
        else if (existing != options)
            await target.ExecuteAsync($"ALTER DATABASE {TableName.Quote(targetSchema)} {options}", ct);
        _schemas.Add(targetSchema);
        return true;
    }

    /// <summary>Creates the database that an object goes to, where no database of the source does.</summary>
    public async ValueTask RequireSchemaAsync(TableName sourceName, TableName targetName, CancellationToken ct)
    {
        if (_schemas.Contains(targetName.Schema) || names.Of(sourceName with { Name = "" }).Schema == targetName.Schema)
            return;
        if (await target.QueryScalarAsync($"SELECT 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = {SqlText.Literal(targetName.Schema)}", ct) is null)
            await CreateSchemaAsync(sourceName.Schema, targetName.Schema, ct);
        _schemas.Add(targetName.Schema);
    }

    /// <summary>Forgets a database that was dropped.</summary>
    public void ForgetSchema(string targetSchema) => _schemas.Remove(targetSchema);

    /// <summary>Says how a table is created on the target.</summary>
    /// <param name="table">The table on the source.</param>
    /// <param name="definition">What SHOW CREATE TABLE said on the source.</param>
    /// <param name="deferIndexes">Whether plain indexes are added when the rows are there.</param>
    public TableCreation Plan(TableName table, string definition, bool deferIndexes)
    {
        var (text, isApproximate) = dialect.RewriteDefinition(RoutedDefinition.OfTable(definition, table, names.Of, SqlDialect.Of(source.Server)));
        WarnOfLosses(names.Of(table));
        return new TableCreation(deferIndexes ? DeferredIndexes.Of(text, SqlDialect.Of(source.Server)) : new DeferredIndexes(text, []), isApproximate);
    }

    /// <summary>Creates a table, unless the target has one of that name.</summary>
    /// <param name="table">The table on the target.</param>
    /// <param name="creation">How.</param>
    /// <param name="ct">Stops the work.</param>
    /// <returns>Whether it was created.</returns>
    /// <exception cref="TiFerryException">The target refuses the definition.</exception>
    public async ValueTask<bool> CreateTableAsync(TableName table, TableCreation creation, CancellationToken ct)
    {
        await target.ExecuteAsync($"USE {TableName.Quote(table.Schema)}", ct);
        try
        {
            if (await ExistsOnTargetAsync(table, ct))
                return false;
            await DefineAsync(Utf8, creation.Indexes.Create, ct);
            return true;
        }
        // Another source of the task was faster.
        catch (MySqlServerException error) when (error.Code == TableExists)
        {
            return false;
        }
        catch (MySqlServerException error) when (!TransientErrors.IsTransient(error))
        {
            throw new TiFerryException(LoadErrors.CreateFailed, ErrorScope.Downstream,
                $"the target can't create table {table}",
                "create the table on the target by hand in a form that it takes, with the same columns, and run the same command again; or leave it out with --filter or the block-allow-list", error);
        }
    }

    /// <summary>Those of a table's deferred indexes that the target does not have yet.</summary>
    public static async ValueTask<IReadOnlyList<string>> MissingIndexesAsync(MySqlConnection target, TableName table, IReadOnlyList<string> deferred, CancellationToken ct)
    {
        if (deferred.Count == 0)
            return [];
        var rows = await target.QueryRowsAsync(
            $"SELECT DISTINCT INDEX_NAME FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = {SqlText.Literal(table.Schema)} AND TABLE_NAME = {SqlText.Literal(table.Name)}", ct);
        var known = rows.Select(r => r[0]).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. deferred.Where(d => !known.Contains(DeferredIndexes.NameOf(d)))];
    }

    /// <summary>Whether two texts of SHOW CREATE TABLE define the same; the next automatic number changes with the rows.</summary>
    public static bool DefineTheSame(string? left, string? right) =>
        string.Equals(NextNumber().Replace(left ?? "", ""), NextNumber().Replace(right ?? "", ""), StringComparison.Ordinal);

    /// <summary>What SHOW CREATE TABLE says; null where the source has no such table.</summary>
    public async ValueTask<string?> DefinitionOfAsync(TableName table, CancellationToken ct)
    {
        try
        {
            return (await source.QueryRowsAsync($"SHOW CREATE TABLE {table}", ct))[0][1];
        }
        catch (MySqlServerException error) when (error.Code is NoSuchTable or UnknownDatabase)
        {
            return null;
        }
    }

    /// <summary>Whether the target has a table or view of that name.</summary>
    public async ValueTask<bool> ExistsOnTargetAsync(TableName name, CancellationToken ct) =>
        await target.QueryScalarAsync(
            $"SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = {SqlText.Literal(name.Schema)} AND TABLE_NAME = {SqlText.Literal(name.Name)}", ct) is not null;

    /// <summary>Creates views, each once those that it stands on are there.</summary>
    /// <param name="views">The views' names on the source, in any order.</param>
    /// <param name="ct">Stops the work.</param>
    /// <exception cref="TiFerryException">A view can't be created on the target.</exception>
    public async ValueTask CreateViewsAsync(IReadOnlyCollection<TableName> views, CancellationToken ct)
    {
        var created = new Dictionary<TableName, (TableName Source, string Text)>();
        var left = new List<TableName>(views);
        while (left.Count > 0)
        {
            var postponed = new List<TableName>();
            MySqlServerException? lastError = null;
            foreach (var view in left)
            {
                try
                {
                    await CreateViewAsync(view, created, ct);
                }
                catch (MySqlServerException error) when (error.Code is NoSuchTable or InvalidView)
                {
                    postponed.Add(view);
                    lastError = error;
                }
                catch (MySqlServerException error) when (!TransientErrors.IsTransient(error))
                {
                    throw ViewFailed(view, error);
                }
            }
            if (postponed.Count == left.Count)
                throw ViewFailed(postponed[0], lastError!);
            left = postponed;
        }
    }

    // Null where there is no such database.
    private static async ValueTask<string?> CharacterSetOfAsync(MySqlConnection server, string schema, CancellationToken ct)
    {
        var rows = await server.QueryRowsAsync(
            $"SELECT DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = {SqlText.Literal(schema)}", ct);
        return rows.Count == 0 ? null : $"CHARACTER SET {rows[0][0]} COLLATE {rows[0][1]}";
    }

    private async ValueTask CreateViewAsync(TableName view, Dictionary<TableName, (TableName Source, string Text)> created, CancellationToken ct)
    {
        var row = (await source.QueryRowsAsync($"SHOW CREATE VIEW {view}", ct))[0];
        var targetName = names.Of(view);
        var routed = RoutedDefinition.OfView(row[1]!, view, names.Of, SqlDialect.Of(source.Server));
        var (text, _) = dialect.RewriteDefinition(routed);
        WarnOfLosses(targetName);
        if (created.TryGetValue(targetName, out var other) && other.Text != text)
        {
            throw new TiFerryException(LoadErrors.CreateFailed, ErrorScope.Upstream,
                $"views {other.Source} and {view} both go to {targetName}, and they say different things there",
                "route them to different names, or leave all but one of them out");
        }
        await RequireSchemaAsync(view, targetName, ct);
        var charset = $"SET character_set_client = {dialect.Mapping.Charset(row[2]!).Name}, collation_connection = {dialect.Mapping.Collation(row[3]!).Name}";
        await target.ExecuteAsync($"USE {TableName.Quote(targetName.Schema)}", ct);
        await target.ExecuteAsync($"DROP VIEW IF EXISTS {targetName}", ct);
        // The view keeps the character set of the session that creates it; the statement's own bytes are UTF-8.
        var isUtf8 = row[2]!.StartsWith("utf8", StringComparison.OrdinalIgnoreCase);
        await DefineAsync(isUtf8 ? charset : Utf8, text, ct);
        created[targetName] = (view, text);
    }

    // SHOW CREATE speaks UTF-8: read as binary, the default values of other character sets and of INET or UUID columns would be other ones.
    private async ValueTask DefineAsync(string charset, string definition, CancellationToken ct)
    {
        await target.ExecuteAsync(charset, ct);
        try
        {
            await target.ExecuteAsync(definition, ct);
        }
        finally
        {
            await target.ExecuteAsync("SET NAMES binary", CancellationToken.None);
        }
    }

    private void WarnOfLosses(TableName name)
    {
        foreach (var loss in dialect.TakeLosses())
            log.Warn("the target does without a part of a definition", ("object", name), ("loss", loss));
    }

    private static TiFerryException ViewFailed(TableName view, MySqlServerException error) => new(LoadErrors.CreateFailed, ErrorScope.Downstream,
        $"the target can't create view {view}",
        "grant what the view's DEFINER needs (SET USER or SUPER for another account), or leave the view out with --filter or the block-allow-list", error);

    [GeneratedRegex(" AUTO_INCREMENT=[0-9]+(?= DEFAULT CHARSET)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NextNumber();
}
