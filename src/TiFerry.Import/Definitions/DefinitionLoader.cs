using System.Text;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Core.Routing;
using TiFerry.Import.Source;
using TiFerry.MySql;
using TiFerry.MySql.Sessions;
using TiFerry.Schema.Ddl;
using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Lexing;
using TiFerry.Schema.Tables;

namespace TiFerry.Import.Definitions;

/// <summary>Creates the databases, tables and views of a dump under their names on the target and in the target's words.</summary>
/// <param name="target">A writing session.</param>
/// <param name="dialect">What has to be said differently on the target.</param>
/// <param name="source">The server that wrote the definitions.</param>
/// <param name="router">Where objects go.</param>
/// <param name="log">Told of what definitions lose on the target.</param>
internal sealed class DefinitionLoader(MySqlConnection target, TargetDialect dialect, SqlDialect source, TableRouter router, Log log)
{
    private const int NoSuchTable = 1146;
    private const int InvalidView = 1356;
    private const string Utf8 = "SET character_set_client = utf8mb4, collation_connection = utf8mb4_general_ci";
    private readonly HashSet<string> _schemas = new(StringComparer.Ordinal);

    /// <summary>Creates databases that are missing: those that the dump's own go to, and those that single tables are routed to.</summary>
    public async ValueTask CreateSchemasAsync(DumpedFiles files, CancellationToken ct)
    {
        foreach (var (schema, path) in files.Schemas)
        {
            var options = path.Length == 0 ? "" : await OptionsAsync(path, ct);
            await CreateSchemaAsync(router.RouteSchema(schema), options, ct);
            foreach (var name in files.Tables.Keys.Concat(files.Views.Keys).Where(t => t.Schema == schema))
                await CreateSchemaAsync(TargetOf(name).Schema, options, ct);
        }
    }

    /// <summary>Creates a table, unless the target has one of that name.</summary>
    /// <param name="table">The table on the source.</param>
    /// <param name="path">The file with its definition.</param>
    /// <param name="ct">Stops the work.</param>
    /// <returns>The columns that a statement without names gives, in the order of the definition, and whether the table is new.</returns>
    /// <exception cref="TiFerryException">The file makes no sense, or the target refuses the definition.</exception>
    public async ValueTask<(IReadOnlyList<string> Columns, bool IsNew)> CreateTableAsync(TableName table, string path, CancellationToken ct)
    {
        var file = await DefinitionFile.ReadAsync(path, source, ct);
        var (sql, statement) = file.Single(StatementKind.CreateTable, source);
        var definition = (CreateTable)statement;
        if (definition.Name.Name != table.Name || (definition.Name.Schema ?? table.Schema) != table.Schema)
            throw DefinitionFile.Bad(path, $"it creates {definition.Name}, and its name says {table}");
        var name = TargetOf(table);
        var isNew = !await ExistsAsync(name, ct);
        if (isNew)
        {
            var routed = DdlText.RenameTables(sql, statement, n => Routed(n, table));
            var (text, _) = dialect.RewriteDefinition(Encoding.UTF8.GetString(routed));
            WarnOfLosses(name);
            await target.ExecuteAsync($"USE {TableName.Quote(name.Schema)}", ct);
            try
            {
                await DefineAsync(Utf8, text, ct);
            }
            catch (MySqlServerException error) when (!TransientErrors.IsTransient(error))
            {
                throw new TiFerryException(LoadErrors.CreateFailed, ErrorScope.Downstream, $"the target can't create table {name} of {path}",
                    "create the table on the target by hand in a form that it takes, with the same columns, or leave it out", error);
            }
        }
        return ([.. definition.Columns.Where(c => c.Generated is null && c.IsVisible != false).Select(c => c.Name)], isNew);
    }

    /// <summary>Creates views, each once those that it stands on are there.</summary>
    /// <exception cref="TiFerryException">A file makes no sense, or a view can't be created on the target.</exception>
    public async ValueTask CreateViewsAsync(IReadOnlyDictionary<TableName, string> views, CancellationToken ct)
    {
        var left = views.ToList();
        while (left.Count > 0)
        {
            var postponed = new List<KeyValuePair<TableName, string>>();
            MySqlServerException? lastError = null;
            foreach (var view in left)
            {
                try
                {
                    await CreateViewAsync(view.Key, view.Value, ct);
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

    private async ValueTask CreateViewAsync(TableName view, string path, CancellationToken ct)
    {
        var file = await DefinitionFile.ReadAsync(path, source, ct);
        var (sql, _) = file.Single(StatementKind.CreateView, source);
        var name = TargetOf(view);
        var text = Encoding.UTF8.GetString(sql);
        (text, _) = dialect.RewriteDefinition(router.IsEmpty ? text : RoutedDefinition.OfView(text, view, TargetOf, source));
        WarnOfLosses(name);
        var charset = SettingOf(file, "CHARACTER_SET_CLIENT") ?? "utf8mb4";
        var collation = SettingOf(file, "COLLATION_CONNECTION") ?? "utf8mb4_general_ci";
        await target.ExecuteAsync($"USE {TableName.Quote(name.Schema)}", ct);
        await target.ExecuteAsync($"DROP VIEW IF EXISTS {name}", ct);
        // The view keeps the character set of the session that creates it; the statement's own bytes are UTF-8.
        var isUtf8 = charset.StartsWith("utf8", StringComparison.OrdinalIgnoreCase);
        await DefineAsync(isUtf8 ? $"SET character_set_client = {dialect.Mapping.Charset(charset).Name}, collation_connection = {dialect.Mapping.Collation(collation).Name}" : Utf8, text, ct);
    }

    // Of SET name = value; the value is a word.
    private string? SettingOf(DefinitionFile file, string name)
    {
        foreach (var sql in file.Statements)
        {
            var lexer = new SqlLexer(sql, source);
            if (!lexer.Is(lexer.Next(), "SET"u8))
                continue;
            var token = lexer.Next();
            if (token.Kind == SqlTokenKind.Word && lexer.NameOf(token).Equals(name, StringComparison.OrdinalIgnoreCase)
                && lexer.IsOperator(lexer.Next(), "="u8) && lexer.Next() is { Kind: SqlTokenKind.Word } value)
                return lexer.NameOf(value);
        }
        return null;
    }

    private async ValueTask<string> OptionsAsync(string path, CancellationToken ct)
    {
        var file = await DefinitionFile.ReadAsync(path, source, ct);
        var (_, statement) = file.Single(StatementKind.CreateDatabase, source);
        var options = ((CreateDatabase)statement).Options.Where(o => o.Name is "CHARACTER SET" or "COLLATE").Select(o => $"{o.Name} {o.Value}");
        return dialect.RewriteDefinition(string.Join(' ', options)).Text;
    }

    private async ValueTask CreateSchemaAsync(string schema, string options, CancellationToken ct)
    {
        if (_schemas.Add(schema))
            await TargetDatabase.CreateAsync(target, schema, options, ct);
    }

    private ObjectName Routed(ObjectName written, TableName table)
    {
        var name = new TableName(written.Schema ?? table.Schema, written.Name);
        var routed = TargetOf(name);
        // A name without a database means the one of the table that is created, which may go elsewhere.
        return routed.Name == written.Name && (written.Schema ?? TargetOf(table).Schema) == routed.Schema ? written : new ObjectName(routed.Schema, routed.Name);
    }

    private TableName TargetOf(TableName name)
    {
        var routed = router.Route(name.Schema, name.Name);
        return new TableName(routed.Schema, routed.Table);
    }

    private async ValueTask<bool> ExistsAsync(TableName name, CancellationToken ct) =>
        await target.QueryScalarAsync(
            $"SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = {SqlText.Literal(name.Schema)} AND TABLE_NAME = {SqlText.Literal(name.Name)}", ct) is not null;

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
            if (!target.IsBroken)
                await target.ExecuteAsync("SET NAMES binary", CancellationToken.None);
        }
    }

    private void WarnOfLosses(TableName name)
    {
        foreach (var loss in dialect.TakeLosses())
            log.Warn("the target does without a part of a definition", ("object", name), ("loss", loss));
    }

    private static TiFerryException ViewFailed(KeyValuePair<TableName, string> view, MySqlServerException error) => new(LoadErrors.CreateFailed, ErrorScope.Downstream,
        $"the target can't create view {view.Key} of {view.Value}",
        "grant what the view's DEFINER needs (SET USER or SUPER for another account), or leave the view out", error);
}
