using System.Text;
using TiFerry.Binlog;
using TiFerry.Binlog.Events;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Core.Routing;
using TiFerry.Core.Secrets;
using TiFerry.MySql;
using TiFerry.Schema.Ddl;
using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Lexing;
using TiFerry.Schema.Tables;
using TiFerry.Schema.Tracking;
using TiFerry.Sync.Filter;
using TiFerry.Sync.OnlineDdl;
using TiFerry.Sync.Operations;
using TiFerry.Sync.Route;
using TiFerry.Sync.Source;

namespace TiFerry.Sync.Ddl;

/// <summary>
/// Decides what a statement of the source means for the target: it is split, kept for later or left out where rules say so, its names are routed, and what the target can't run is rewritten.
/// The source's definitions are followed whatever the rules say.
/// </summary>
internal sealed class DdlPlanner
{
    private readonly SyncOptions _options;
    private readonly ServerInfo _target;
    private readonly TrackedTables _tracked;
    private readonly RoutedNames _names;
    private readonly OnlineSchemaChanges? _online;
    private readonly SyncProgress _progress;
    private readonly Log _log;
    private readonly SqlDialect _sourceDialect;
    private readonly TargetDialect _dialect;
    private readonly SessionSettings _settings;
    private readonly DdlScope _scope;

    /// <summary>Prepares the planner.</summary>
    public DdlPlanner(SyncOptions options, ServerInfo source, ServerInfo target, TargetDialect dialect, TrackedTables tracked, RoutedNames names, OnlineSchemaChanges? online, SyncProgress progress, Log log)
    {
        _options = options;
        _target = target;
        _tracked = tracked;
        _names = names;
        _online = online;
        _progress = progress;
        _log = log;
        _sourceDialect = SqlDialect.Of(source);
        _dialect = dialect;
        _settings = new SessionSettings(source, target, dialect.Mapping);
        _scope = new DdlScope(options.Filter, _sourceDialect);
    }

    /// <summary>MariaDB's split ALTER: what the GTID event before the statement said.</summary>
    public MariaDbAlterPhase AlterPhase { get; set; }

    /// <summary>Decides what a statement means.</summary>
    /// <param name="query">The statement.</param>
    /// <param name="start">Where its event begins.</param>
    /// <param name="position">Its end position.</param>
    /// <param name="isCopied">Whether an object's copy already holds what stands at the current position.</param>
    /// <param name="ct">Stops the wait.</param>
    /// <returns>What to do; null where there is nothing to run and nothing to remember.</returns>
    /// <exception cref="TiFerryException">The statement can't be applied.</exception>
    public async ValueTask<DdlPlan?> PlanAsync(QueryEvent query, BinlogPosition start, BinlogPosition position, Predicate<TableName> isCopied, CancellationToken ct)
    {
        if (IsSplitAlter || _options.Operations.Meet(start) is not { } operation)
            return await PlanStatementAsync(query, position, isCopied, ct);
        _log.Warn("an operation is applied to a statement", ("operation", operation.Kind), ("position", start), ("statements", string.Join("; ", operation.Statements.Select(SecretText.Mask))));
        if (operation.Kind == BinlogOperationKind.Skip)
            return Skip(query, position, isCopied);
        var steps = new List<DdlStep>();
        foreach (var statement in operation.Statements)
            await AddAsync(steps, statement, query, position, isCopied, ct);
        var behind = operation.Kind == BinlogOperationKind.Inject ? await PlanStatementAsync(query, position, isCopied, ct) : null;
        return new DdlPlan(behind?.Kind ?? _scope.Recognize(query, out _).Kind, SessionSchema(query), [.. steps, .. behind?.Steps ?? []], position, operation.Digest);
    }

    // MariaDB's ALTER in two parts: the first, and the second where it is taken back, change nothing.
    private bool IsSplitAlter => AlterPhase is MariaDbAlterPhase.Start or MariaDbAlterPhase.Rollback;

    // The rows behind the statement come as the source's table is then.
    private DdlPlan? Skip(QueryEvent query, BinlogPosition position, Predicate<TableName> isCopied)
    {
        var statement = _scope.Recognize(query, out var text);
        _progress.Skipped(statement.Kind.ToString());
        if (text is null || statement is UnknownStatement)
        {
            _log.Warn("a skipped statement can't be read; if it changed columns, the kept definitions of their tables have to be set", ("position", position), ("database", query.Schema));
            return null;
        }
        var objects = ObjectsInScope(statement, query);
        var isOnline = statement.Objects.Any(o => RealName(new TableName(query.Schema, o.Name)).Name != o.Name);
        if (statement.Kind.IsSchemaChange && !isOnline && !objects.TrueForAll(isCopied))
            _tracked.Apply(statement, query, (SqlMode)(query.SqlMode ?? 0), position);
        return _tracked.HasChanges ? new DdlPlan(statement.Kind, "", [], position) : null;
    }

    private async ValueTask AddAsync(List<DdlStep> steps, string text, QueryEvent query, BinlogPosition position, Predicate<TableName> isCopied, CancellationToken ct)
    {
        var statement = BinlogOperations.Read(text, _sourceDialect);
        if (ObjectsInScope(statement, query).Count == 0)
        {
            throw new TiFerryException(SyncErrors.OperationNotDdl, ErrorScope.Internal,
                $"the statement '{SecretText.Mask(text)}' that was given for the one that ends at {position} touches nothing that is carried", "revert the operation, and write the source's names");
        }
        await AddAsync(steps, new Change(statement, Encoding.UTF8.GetBytes(text), _sourceDialect, _settings.ForPlainText(query)) { IsFiltered = false }, query, position, isCopied, ct);
    }

    private async ValueTask<DdlPlan?> PlanStatementAsync(QueryEvent query, BinlogPosition position, Predicate<TableName> isCopied, CancellationToken ct)
    {
        var statement = _scope.Recognize(query, out var text);
        var kind = statement.Kind;
        if (kind.IsSchemaChange)
            return await PlanSchemaChangeAsync(query, statement, text, position, isCopied, ct);
        if (kind is StatementKind.RollbackToSavepoint || kind == StatementKind.Unknown && _options.Filter.MatchSchema(query.Schema) && !IsIgnored(query))
            throw Unsupported(query, statement, position);
        if (kind.IsRowChange && _scope.TouchesCarriedRows(statement, query))
        {
            throw new TiFerryException(SyncErrors.StatementFormat, ErrorScope.Upstream,
                $"the source logged a change as a statement ({kind}) in database '{query.Schema}' at {position}",
                "SET GLOBAL binlog_format = ROW on the source, reconnect its clients, and copy the tables again");
        }
        if (kind.IsStoredProgram || kind == StatementKind.Account)
        {
            _progress.Skipped(kind.ToString());
            _log.Warn("statement is not carried to the target", ("kind", kind), ("database", query.Schema), ("position", position));
        }
        return null;
    }

    /// <summary>Statements that keep what has to be remembered behind the last plan; null for none. They belong into the transaction of the checkpoint behind it.</summary>
    /// <param name="position">That checkpoint's position.</param>
    public byte[]? TakeChanges(BinlogPosition position)
    {
        if (!_tracked.HasChanges && _online is not { HasUnsaved: true })
            return null;
        using var sql = new SqlBuffer();
        _tracked.TakeChanges(sql, position);
        // Should the transaction fail, everything is read again.
        if (_online is not null)
            _online.MarkSaved(_online.AppendWrites(sql));
        return sql.WrittenSpan.ToArray();
    }

    // A pattern over a statement's text is the way past one that can't be read.
    private bool IsIgnored(QueryEvent query) =>
        _options.EventFilter.Decide(query.Schema, "", BinlogEventKind.None, Encoding.UTF8.GetString(query.Sql)) == FilterAction.Ignore;

    private async ValueTask<DdlPlan?> PlanSchemaChangeAsync(QueryEvent query, SqlStatement statement, byte[]? text, BinlogPosition position, Predicate<TableName> isCopied, CancellationToken ct)
    {
        if (statement.IsTemporary || IsSplitAlter)
            return null;
        var objects = ObjectsInScope(statement, query);
        if (objects.Count == 0)
            return null;
        if (text is null)
        {
            throw new TiFerryException(SchemaErrors.CannotParseStatement, ErrorScope.Upstream,
                $"the schema change at {position} is written in a character set that can't be converted without a doubt (collation {query.ClientCollation} of its client)",
                "make the change on the target by hand, then go on behind it with --mode incremental --start-position");
        }
        _online?.Check(statement);
        var dialect = _sourceDialect with { Mode = (SqlMode)(query.SqlMode ?? 0) };
        var session = _settings.For(query);
        var steps = new List<DdlStep>();
        var wasOnline = false;
        foreach (var piece in Pieces(text, statement, query, objects, dialect, isCopied))
        {
            var parsed = DdlParser.Read(piece, dialect);
            var real = ObjectsInScope(parsed, query);
            if (real.Count == 0 || (parsed.Renames.Count > 0 && real.TrueForAll(isCopied)))
                continue;
            var result = _online?.Apply(new OnlineDdlPiece(parsed, piece, query.Schema, dialect, position, session)) ?? AsItIs;
            if (result.Decision == OnlineDdlDecision.AsItIs)
                await AddAsync(steps, new Change(parsed, piece, dialect, session), query, position, isCopied, ct);
            else
                wasOnline = true;
            foreach (var kept in result.Statements)
            {
                var keptDialect = dialect with { Mode = kept.Mode };
                await AddAsync(steps, new Change(DdlParser.Read(kept.Text, keptDialect), kept.Text, keptDialect, kept.Session ?? session), query, position, isCopied, ct);
            }
        }
        if (steps.Count == 0 && !_tracked.HasChanges && _online is not { HasUnsaved: true })
            return null;
        _log.Debug("schema change planned", ("position", position), ("steps", steps.Count), ("online", wasOnline));
        return new DdlPlan(statement.Kind, SessionSchema(query), steps, position);
    }

    private string SessionSchema(QueryEvent query) => query.Schema.Length == 0 ? "" : _names.TargetNameOf(new TableName(query.Schema, "")).Schema;

    private static OnlineDdlResult AsItIs { get; } = new(OnlineDdlDecision.AsItIs, []);

    // A table of an online schema change tool counts as the real one's; a view of such a name is a view like others.
    private List<TableName> ObjectsInScope(SqlStatement statement, QueryEvent query) =>
        _scope.ObjectsInScope(statement, query, statement.Kind is StatementKind.CreateView or StatementKind.AlterView or StatementKind.DropView ? null : RealName);

    private TableName RealName(TableName name) => _online is null ? name : name with { Name = _online.Tables.RealName(name.Name) };

    // DROP TABLE a, b of which only a is carried must not touch b; what rules look at one by one comes one by one. The rest stays whole, as it was.
    private IReadOnlyList<byte[]> Pieces(byte[] text, SqlStatement statement, QueryEvent query, List<TableName> inScope, SqlDialect dialect, Predicate<TableName> isCopied)
    {
        if (statement.Kind is not (StatementKind.DropTable or StatementKind.DropView or StatementKind.DropSequence or StatementKind.RenameTable))
            return [text];
        var names = statement.Objects.Select(o => new TableName(o.Schema ?? query.Schema, o.Name)).Distinct().ToList();
        var isWhole = inScope.Count == names.Count && !inScope.Exists(isCopied) && _options.EventFilter.IsEmpty && names.TrueForAll(n => RealName(n) == n);
        return isWhole ? [text] : DdlText.SplitTables(text, dialect);
    }

    private async ValueTask AddAsync(List<DdlStep> steps, Change change, QueryEvent query, BinlogPosition position, Predicate<TableName> isCopied, CancellationToken ct)
    {
        var objects = ObjectsInScope(change.Statement, query);
        if (objects.TrueForAll(isCopied))
            return;
        if (change.Statement.Kind is StatementKind.CreateSequence or StatementKind.AlterSequence or StatementKind.DropSequence)
            throw Unsupported(query, change.Statement, position);
        var first = objects[0];
        var before = _tracked.Definition(first);
        _tracked.Apply(change.Statement, query, change.Dialect.Mode, position);
        if (change.IsFiltered && IsLeftOut(change, first, before, _tracked.Definition(first), position))
            return;
        if (HasHappened(change.Statement, query))
            return;
        var targets = objects.Select(_names.TargetNameOf).Distinct().ToList();
        var others = _options.OtherSources is { } find ? await find([.. objects.Select(o => (o, _names.TargetNameOf(o)))], ct) : [];
        var isShared = others.Count > 0 || await IsSharedAsync(objects, targets, ct);
        if (isShared)
            RequireHarmless(change.Statement, objects[0], targets[0], others, position);
        var isExchange = change.Statement is AlterTable alter && alter.Specifications.Any(s => s is ExchangePartition);
        var routed = Routed(change, query, position);
        var pieces = TakesOneChangeAtATime && change.Statement.Kind == StatementKind.AlterTable ? DdlText.SplitAlter(routed, change.Dialect) : [routed];
        var hasSeveralChanges = pieces.Count == 1 && change.Statement is AlterTable { Specifications.Count: > 1 };
        foreach (var sql in pieces.SelectMany(p => _dialect.RewriteStatement(p, change.Dialect.Mode, query.DefaultCollationForUtf8mb4)))
            steps.Add(new DdlStep(sql, change.Session, targets, change.Statement.Kind == StatementKind.RenameTable, isShared, hasSeveralChanges, isExchange));
        foreach (var loss in _dialect.TakeLosses())
            _log.Warn("the target does without a part of a definition", ("object", targets[0]), ("position", position), ("loss", loss));
    }

    private bool IsLeftOut(Change change, TableName table, TableDefinition? before, TableDefinition? after, BinlogPosition position)
    {
        if (_options.EventFilter.IsEmpty)
            return false;
        var kind = BinlogEventKinds.Of(change.Statement, before, after);
        switch (_options.EventFilter.Decide(table.Schema, table.Name, kind, Encoding.UTF8.GetString(change.Text)))
        {
            case FilterAction.Ignore:
                _progress.Skipped(BinlogEventNames.Describe(kind));
                _log.Info("a binlog event filter leaves a schema change out", ("table", table), ("position", position));
                return true;
            case FilterAction.Error:
                throw new TiFerryException(SyncErrors.EventFiltered, ErrorScope.Upstream,
                    $"a binlog event filter with action Error meets the schema change of {table} at {position}: {BinlogEventNames.Describe(kind)}",
                    "skip or replace the statement at this position, or change the filter");
            default:
                return false;
        }
    }

    // One table of the target stands for both of the source's: it is there, and it has the name.
    private bool HasHappened(SqlStatement statement, QueryEvent query)
    {
        if (_options.Router.IsEmpty)
            return false;
        return statement switch
        {
            CreateTable { OrReplace: false, LikeSource: { } like } create => IsSame(create.Name, like),
            RenameTable rename => rename.Renames.All(r => IsSame(r.From, r.To) && Target(r.From).Extracted.SequenceEqual(Target(r.To).Extracted)),
            _ => false,
        };

        RoutedTable Target(ObjectName name) => _names.TargetOf(new TableName(name.Schema ?? query.Schema, name.Name));
        bool IsSame(ObjectName one, ObjectName other) => Target(one).Schema == Target(other).Schema && Target(one).Table == Target(other).Table;
    }

    private byte[] Routed(Change change, QueryEvent query, BinlogPosition position)
    {
        if (_options.Router.IsEmpty)
            return change.Text;
        if (change.Statement.Kind is StatementKind.CreateView or StatementKind.AlterView)
            RequireNoRoutedName(change, query, position);
        return DdlText.RenameTables(change.Text, change.Statement, name =>
        {
            var target = _names.TargetNameOf(new TableName(name.Schema ?? query.Schema, name.Name));
            return new ObjectName(target.Schema, target.Name);
        });
    }

    // The view's query is not taken apart, so a word that stands where a name could is taken for one.
    private void RequireNoRoutedName(Change change, QueryEvent query, BinlogPosition position)
    {
        var lexer = new SqlLexer(change.Text, change.Dialect);
        while (lexer.Next() is { Kind: not SqlTokenKind.End } head && !lexer.Is(head, "AS"u8))
        {
        }
        var schema = query.Schema;
        for (var token = lexer.Next(); token.Kind != SqlTokenKind.End;)
        {
            var next = lexer.Next();
            if (token.Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName)
            {
                var name = lexer.NameOf(token);
                var isQualifier = next.Kind == SqlTokenKind.Dot;
                var target = _names.TargetNameOf(new TableName(isQualifier ? name : schema, isQualifier ? "" : name));
                if (isQualifier ? target.Schema != name : target.Name != name || target.Schema != _names.TargetNameOf(new TableName(schema, "")).Schema)
                    throw NotRoutable(name, position);
                schema = isQualifier ? name : query.Schema;
            }
            token = next;
        }
    }

    private static TiFerryException NotRoutable(string name, BinlogPosition position) => new(SyncErrors.UnsupportedTransaction, ErrorScope.Upstream,
        $"the view that is defined at {position} uses the name {TableName.Quote(name)}, which may mean a table or a database that has another name on the target",
        "create the view on the target by hand, and leave the statement out with a binlog event filter");

    private async ValueTask<bool> IsSharedAsync(List<TableName> objects, List<TableName> targets, CancellationToken ct)
    {
        if (_options.Router.IsEmpty)
            return false;
        foreach (var target in targets)
        {
            var sources = target.Name.Length == 0 ? await _names.SchemasOfAsync(target.Schema, ct) : await _names.SourcesOfAsync(target, ct);
            // What the source has now is not all that it had then.
            var known = _tracked.Names.Select(n => target.Name.Length == 0 ? n with { Name = "" } : n).Where(n => _names.TargetNameOf(n) == target);
            if (sources.Concat(known).Any(s => !objects.Contains(s)))
                return true;
        }
        return false;
    }

    // One source's table or column goes, the rows and values of the others have to stay.
    private static void RequireHarmless(SqlStatement statement, TableName source, TableName target, IReadOnlyList<string> others, BinlogPosition position)
    {
        var takesRows = statement switch
        {
            DropTable or TruncateTable or RenameTable or DropDatabase or CreateTable { OrReplace: true } => true,
            AlterTable alter => alter.Specifications.Any(s => s is DropColumn or RenameColumn or RenameTo or DropPartition or TruncatePartition or ExchangePartition or ConvertPartitionToTable or ConvertTableToPartition
                || (s is ChangeColumn column && !string.Equals(column.OldName, column.Column.Name, StringComparison.OrdinalIgnoreCase))),
            _ => false,
        };
        if (!takesRows)
            return;
        throw new TiFerryException(SyncErrors.UnsupportedTransaction, ErrorScope.Upstream,
            $"the statement on {source} at {position} ({statement.Kind}) would take rows or values of other tables away that are routed to {target} too{(others.Count > 0 ? $" (sources {string.Join(", ", others.Take(5))})" : "")}",
            "leave such statements out with a binlog event filter ('drop table', 'truncate table', 'rename table', 'drop column', ...), and do on the target what is wanted");
    }

    // TiDB manual, "ALTER TABLE": several changes in one statement from 6.2 on.
    private bool TakesOneChangeAtATime => _target.Flavour == ServerFlavour.TiDb && !_target.IsTiDbAtLeast(6, 2);

    private static TiFerryException Unsupported(QueryEvent query, SqlStatement statement, BinlogPosition position) =>
        statement is UnknownStatement unknown
            ? DdlScope.Unknown(query, unknown, position)
            : new TiFerryException(SyncErrors.UnsupportedTransaction, ErrorScope.Upstream,
                $"the source logged a statement of kind {statement.Kind} in database '{query.Schema}' at {position}, which can't be applied to the target",
                "leave the object out with --filter or the block-allow-list, or do on the target what the statement does and go on behind it with --start-position, or with dmctl binlog skip in a cluster");

    private sealed record Change(SqlStatement Statement, byte[] Text, SqlDialect Dialect, string Session)
    {
        public bool IsFiltered { get; init; } = true;
    }
}
