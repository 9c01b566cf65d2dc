using System.Text;
using System.Text.Unicode;
using TiFerry.Core.Errors;
using TiFerry.MySql;
using TiFerry.Schema.Ddl;
using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Lexing;
using TiFerry.Schema.Tables;

namespace TiFerry.Sync.OnlineDdl;

/// <summary>
/// Follows gh-ost, pt-online-schema-change and tools like them: changes of a shadow table are kept, and made on the real table at the rename that
/// puts the shadow table in its place. What is kept has to be saved in the transaction that writes the checkpoint behind the event
/// (<see cref="AppendWrites"/>); a change that is met again after a restart is known by its position. Not thread safe.
/// </summary>
public sealed class OnlineSchemaChanges
{
    private readonly OnlineDdlStore _store;
    private readonly Dictionary<TableName, ShadowRecord> _records;
    private readonly Dictionary<TableName, long> _unsaved;
    private long _generation;

    /// <summary>Begins with nothing known; see <see cref="LoadAsync"/>.</summary>
    /// <param name="tables">Which tables are of that kind.</param>
    /// <param name="store">Where changes are kept.</param>
    /// <param name="ignoreNameCase">Whether letter case doesn't count in the source's table names (lower_case_table_names other than 0).</param>
    public OnlineSchemaChanges(OnlineDdlTables tables, OnlineDdlStore store, bool ignoreNameCase = false)
    {
        Tables = tables;
        _store = store;
        var names = new NameComparer(ignoreNameCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        _records = new(names);
        _unsaved = new(names);
    }

    /// <summary>Which tables are of that kind. Rows of all but real tables are to be left out.</summary>
    public OnlineDdlTables Tables { get; }

    /// <summary>Whether something changed that isn't saved.</summary>
    public bool HasUnsaved => _unsaved.Count > 0;

    /// <summary>Reads what is saved, and forgets all else.</summary>
    /// <param name="target">A session of the target.</param>
    /// <param name="ct">Stops the wait.</param>
    /// <exception cref="TiFerryException"><see cref="SyncErrors.OnlineDdlRecordUnusable"/>: a record can't be read.</exception>
    public async ValueTask LoadAsync(MySqlConnection target, CancellationToken ct)
    {
        var saved = await _store.ReadAsync(target, ct);
        _records.Clear();
        _unsaved.Clear();
        foreach (var (name, record) in saved)
            _records[name] = record;
    }

    /// <summary>
    /// Checks a whole statement before it is split: where RENAME TABLE swaps a table, either both of its parts fit the rules or none.
    /// </summary>
    /// <exception cref="TiFerryException"><see cref="ConfigErrors.OnlineDdlRulesDiffer"/>: one of them does.</exception>
    public void Check(SqlStatement statement)
    {
        if (statement is not RenameTable { Pairs: [var first, var second] })
            return;
        var goesAway = Tables.KindOf(first.From.Name) == OnlineTableKind.Real && Tables.KindOf(first.To.Name) == OnlineTableKind.Trash;
        var comes = Tables.KindOf(second.From.Name) == OnlineTableKind.Shadow && Tables.KindOf(second.To.Name) == OnlineTableKind.Real;
        if (goesAway == comes)
            return;
        var (missing, rules) = goesAway ? (second.From, "shadow-table-rules") : (first.To, "trash-table-rules");
        throw new TiFerryException(ConfigErrors.OnlineDdlRulesDiffer, ErrorScope.Internal,
            $"RENAME TABLE {first.From} TO {first.To}, {second.From} TO {second.To} looks like the end of an online schema change, but {missing} fits none of {rules}",
            $"add a regular expression for {missing} to {rules}, or set 'online-ddl: false' if no such tool is in use");
    }

    /// <summary>Says what becomes of a schema change, and notes what has to be kept.</summary>
    /// <exception cref="TiFerryException">A rename can't be followed.</exception>
    public OnlineDdlResult Apply(in OnlineDdlPiece piece)
    {
        if (piece.Statement is not (CreateTable or AlterTable or DropTable or RenameTable or TruncateTable or CreateIndex or DropIndex))
            return OnlineDdlResult.AsItIs;
        var table = Full(piece.Statement.Objects[0], piece);
        var newName = piece.Statement.Renames is [var rename, ..] ? Full(rename.To, piece) : (TableName?)null;
        return Tables.KindOf(table.Name) switch
        {
            OnlineTableKind.Shadow => ApplyToShadow(piece, table, newName),
            OnlineTableKind.Trash => ApplyToTrash(table, newName),
            _ => ApplyToReal(table, newName),
        };
    }

    /// <summary>Appends the statements that save what changed, for the transaction that writes the checkpoint behind the last applied event.</summary>
    /// <param name="sql">The packet.</param>
    /// <returns>What to give to <see cref="MarkSaved"/> when the transaction is committed.</returns>
    public long AppendWrites(SqlBuffer sql)
    {
        foreach (var name in _unsaved.Keys)
        {
            if (_records.TryGetValue(name, out var record))
                _store.AppendWrite(sql, name, record);
            else
                _store.AppendDelete(sql, name);
        }

        return _generation;
    }

    /// <summary>Notes that what <see cref="AppendWrites"/> wrote is committed.</summary>
    public void MarkSaved(long generation)
    {
        foreach (var (name, changed) in _unsaved.ToList())
        {
            if (changed <= generation)
                _unsaved.Remove(name);
        }
    }

    private OnlineDdlResult ApplyToReal(TableName table, TableName? newName)
    {
        switch (newName is { } to ? Tables.KindOf(to.Name) : OnlineTableKind.Real)
        {
            case OnlineTableKind.Trash:
                // Its place is taken by the shadow table, in the next moment or in the same statement.
                Keep(newName!.Value, new ShadowRecord(table.Schema, table.Name) { IsRealTableAway = true });
                return OnlineDdlResult.Skip;
            case OnlineTableKind.Shadow:
                throw new TiFerryException(SyncErrors.RenameToShadowTable, ErrorScope.Upstream,
                    $"the table {table} is renamed to {newName}, which is a shadow table's name, so that its rows could not be followed any more",
                    "give it another name on the source, or make shadow-table-rules narrower");
            default:
                return OnlineDdlResult.AsItIs;
        }
    }

    private OnlineDdlResult ApplyToTrash(TableName table, TableName? newName)
    {
        if (newName is { } to && Tables.KindOf(to.Name) != OnlineTableKind.Trash)
        {
            // A tool that gives up puts the real table back; then nothing has happened.
            var comesBack = _records.TryGetValue(table, out var record) && record.IsRealTableAway && Same(new TableName(record.Schema, record.Table), to);
            if (!comesBack)
                throw CannotFollow(table, to);
        }

        else if (newName is { } next && _records.TryGetValue(table, out var moved))
        {
            Keep(next, moved);
        }

        Forget(table);
        return OnlineDdlResult.Skip;
    }

    private OnlineDdlResult ApplyToShadow(in OnlineDdlPiece piece, TableName table, TableName? newName)
    {
        if (newName is { } to)
            return RenameShadow(piece, table, to);
        if (piece.Statement is CreateTable or DropTable)
            Forget(table);
        else if (piece.Statement is not TruncateTable)
            Record(piece, table);
        return OnlineDdlResult.Skip;
    }

    private OnlineDdlResult RenameShadow(in OnlineDdlPiece piece, TableName table, TableName newName)
    {
        var kind = Tables.KindOf(newName.Name);
        if (kind == OnlineTableKind.Shadow || piece.Statement is AlterTable { Specifications.Count: > 1 })
            throw CannotFollow(table, newName);
        if (kind == OnlineTableKind.Trash)
        {
            Forget(table);
            return OnlineDdlResult.Skip;
        }

        if (!_records.TryGetValue(table, out var record) || record.Changes.Count == 0)
        {
            throw new TiFerryException(SyncErrors.NoOnlineDdl, ErrorScope.Upstream,
                $"at {piece.Position} the shadow table {table} takes the place of {newName}, but no change that was made to it is known",
                $"start from a position before the tool began; or make the change of {newName} on the target by hand and go on behind this position. Changes that a binlog event filter leaves out are not known");
        }

        var dialect = piece.Dialect;
        var statements = record.Changes.ConvertAll(c => OnReal(c, dialect, table, newName));
        Forget(table);
        foreach (var (away, waiting) in _records.ToList())
        {
            if (waiting.IsRealTableAway && Same(new TableName(waiting.Schema, waiting.Table), newName))
                Forget(away);
        }

        return new OnlineDdlResult(OnlineDdlDecision.Replace, statements);
    }

    private void Record(in OnlineDdlPiece piece, TableName table)
    {
        var position = piece.Position.ToString();
        var record = _records.TryGetValue(table, out var known) ? known : new ShadowRecord(table.Schema, Tables.RealName(table.Name));
        if (record.Changes.Exists(c => c.Position == position))
            return;
        var schema = piece.DefaultSchema;
        var text = WithNames(DdlText.ResolveVersionComments(piece.Text.Span, piece.Dialect), piece.Dialect, name => name.InSchema(schema));
        if (!Utf8.IsValid(text))
        {
            throw new TiFerryException(SchemaErrors.CannotParseStatement, ErrorScope.Upstream,
                $"the change of the shadow table {table} at {piece.Position} holds bytes that are no characters, so that it can't be kept",
                "write such values in hexadecimal, or make the change by hand and go on behind the rename");
        }

        Keep(table, record with { Changes = record.Changes.Add(new RecordedDdl(Encoding.UTF8.GetString(text), position, piece.Dialect.Mode, piece.Session)) });
    }

    private OnlineDdlStatement OnReal(RecordedDdl change, SqlDialect dialect, TableName shadow, TableName real)
    {
        var text = WithNames(Encoding.UTF8.GetBytes(change.Text), dialect with { Mode = change.Mode }, name =>
            Same(new TableName(name.Schema ?? shadow.Schema, name.Name), shadow) ? new ObjectName(real.Schema, real.Name) : name);
        return new OnlineDdlStatement(text, change.Mode, change.Session.Length == 0 ? null : change.Session);
    }

    private static byte[] WithNames(ReadOnlySpan<byte> sql, SqlDialect dialect, Func<ObjectName, ObjectName> map) =>
        DdlText.RenameTables(sql, DdlParser.Parse(sql, dialect), map);

    private void Keep(TableName name, ShadowRecord record)
    {
        _records[name] = record;
        _unsaved[name] = ++_generation;
    }

    private void Forget(TableName name)
    {
        if (_records.Remove(name))
            _unsaved[name] = ++_generation;
    }

    private bool Same(TableName a, TableName b) => _records.Comparer.Equals(a, b);

    private static TableName Full(ObjectName name, in OnlineDdlPiece piece) => new(name.Schema ?? piece.DefaultSchema, name.Name);

    private static TiFerryException CannotFollow(TableName from, TableName to) =>
        new(SyncErrors.RenameOfShadowTable, ErrorScope.Upstream,
            $"the table {from} of an online schema change tool is renamed to {to} in a way that can't be followed",
            $"copy {to} again, or make the same change on the target by hand and go on behind the statement");

    private sealed class NameComparer(StringComparer names) : IEqualityComparer<TableName>
    {
        public bool Equals(TableName a, TableName b) => names.Equals(a.Name, b.Name) && names.Equals(a.Schema, b.Schema);

        public int GetHashCode(TableName name) => HashCode.Combine(names.GetHashCode(name.Schema), names.GetHashCode(name.Name));
    }
}
