using System.Text;
using TiFerry.Binlog;
using TiFerry.Core.Errors;
using TiFerry.Core.Secrets;
using TiFerry.Schema.Ddl;
using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Lexing;

namespace TiFerry.Sync.Operations;

/// <summary>
/// What is done about single statements of the binlog (<c>dmctl binlog skip|replace|inject|revert|list</c>). May be changed while the unit runs; one operation holds for a position, and it goes
/// once the checkpoint is behind it. Whoever starts the unit keeps <see cref="List"/> for the next start. Thread safe.
/// </summary>
public sealed class BinlogOperations
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<BinlogPosition, BinlogOperation> _operations = [];
    private readonly SortedSet<BinlogPosition> _met = [];
    private volatile bool _isEmpty = true;
    private BinlogPosition? _stoppedAt;

    /// <summary>No operations, or those that were kept.</summary>
    /// <param name="kept">What <see cref="List"/> gave; null for none.</param>
    public BinlogOperations(IEnumerable<BinlogOperation>? kept = null)
    {
        foreach (var operation in kept ?? [])
            Add(operation);
    }

    /// <summary>Where the statement begins that the unit stopped at; null where it runs, or stopped for something else.</summary>
    public BinlogPosition? StoppedAt { get { lock (_lock) return _stoppedAt; } }

    /// <summary>The statement is not to be run. The source's definitions follow it all the same, for the rows behind it are written under them.</summary>
    /// <param name="position">Where its event begins; null for the statement that the unit stopped at.</param>
    /// <exception cref="TiFerryException">The unit stopped at no statement.</exception>
    public void Skip(BinlogPosition? position) => Add(new BinlogOperation(position ?? Stopped(), BinlogOperationKind.Skip, []));

    /// <summary>Other statements are to be run instead of the statement. They are not looked at by binlog event filters and online schema change rules.</summary>
    /// <param name="position">Where its event begins; null for the statement that the unit stopped at.</param>
    /// <param name="statements">Schema changes under the source's names, each name with its database.</param>
    /// <param name="source">The source's dialect; its sql_mode doesn't matter, the statements are read as for an empty one.</param>
    /// <exception cref="TiFerryException">A statement can't be read, is no schema change, or names a table without its database; or the unit stopped at no statement.</exception>
    public void Replace(BinlogPosition? position, IReadOnlyList<string> statements, SqlDialect source) => Add(BinlogOperationKind.Replace, position, statements, source);

    /// <summary>Other statements are to be run before the statement.</summary>
    /// <param name="position">Where its event begins; null for the statement that the unit stopped at.</param>
    /// <param name="statements">As for <see cref="Replace"/>.</param>
    /// <param name="source">As for <see cref="Replace"/>.</param>
    /// <exception cref="TiFerryException">As for <see cref="Replace"/>.</exception>
    public void Inject(BinlogPosition? position, IReadOnlyList<string> statements, SqlDialect source) => Add(BinlogOperationKind.Inject, position, statements, source);

    /// <summary>Takes an operation back that has not had its effect.</summary>
    /// <param name="position">Its position; null for the statement that the unit stopped at.</param>
    /// <exception cref="TiFerryException">There is none.</exception>
    public void Revert(BinlogPosition? position)
    {
        var at = position ?? Stopped();
        lock (_lock)
        {
            if (!_operations.Remove(at))
                throw new TiFerryException(SyncErrors.OperationMissing, ErrorScope.Internal, $"there is no operation for position {at}, or the statement there is behind the unit already", "look at the list of operations");
            _met.Remove(at);
            _isEmpty = _operations.Count == 0;
        }
    }

    /// <summary>Makes these the operations, instead of those that there were: what an operation that stays has had as its effect stays known.</summary>
    /// <param name="operations">What <see cref="List"/> of another process gave, or this one's changed.</param>
    public void Set(IEnumerable<BinlogOperation> operations)
    {
        ArgumentNullException.ThrowIfNull(operations);
        lock (_lock)
        {
            var before = _operations.ToDictionary();
            _operations.Clear();
            foreach (var operation in operations)
                _operations[operation.Position] = operation;
            _met.RemoveWhere(position => !_operations.TryGetValue(position, out var now) || now.Digest != before[position].Digest);
            _isEmpty = _operations.Count == 0;
        }
    }

    /// <summary>The operations whose statements the checkpoint is not behind yet, in the order of the binlog.</summary>
    /// <param name="from">The first position to list; null for all.</param>
    public IReadOnlyList<BinlogOperation> List(BinlogPosition? from = null)
    {
        lock (_lock)
            return [.. _operations.Values.Where(o => from is null || o.Position >= from)];
    }

    /// <summary>The operation for the statement that begins at a position; null for none.</summary>
    internal BinlogOperation? Meet(BinlogPosition start)
    {
        if (_isEmpty)
            return null;
        lock (_lock)
        {
            if (_operations.GetValueOrDefault(start) is not { } operation)
                return null;
            _met.Add(start);
            return operation;
        }
    }

    /// <summary>Forgets the operations that a checkpoint is behind.</summary>
    /// <returns>Those of them at whose position no statement began.</returns>
    internal IReadOnlyList<BinlogOperation> Pass(BinlogPosition checkpoint)
    {
        if (_isEmpty)
            return [];
        lock (_lock)
        {
            var passed = _operations.Values.TakeWhile(o => o.Position < checkpoint).ToList();
            foreach (var operation in passed)
                _operations.Remove(operation.Position);
            _isEmpty = _operations.Count == 0;
            return passed.FindAll(o => !_met.Remove(o.Position));
        }
    }

    /// <summary>Notes the statement that the unit stops at; null when it starts.</summary>
    internal void StopAt(BinlogPosition? start)
    {
        lock (_lock)
            _stoppedAt = start;
    }

    /// <summary>Reads a statement of an operation.</summary>
    /// <exception cref="TiFerryException">It can't be read, is no schema change, or names a table without its database.</exception>
    internal static SqlStatement Read(string statement, SqlDialect source)
    {
        var parsed = DdlParser.Read(Encoding.UTF8.GetBytes(statement), source with { Mode = SqlMode.None });
        if (parsed is UnknownStatement unknown)
            throw Refused(SchemaErrors.CannotParseStatement, statement, $"can't be read: {unknown.Error}", "write one statement in the source's dialect, with names in backticks and texts in single quotes");
        if (!parsed.Kind.IsSchemaChange || parsed.IsTemporary)
            throw Refused(SyncErrors.OperationNotDdl, statement, "is no schema change", "give statements that create, change or drop databases, tables, indexes or views");
        if (parsed.Database is null && (parsed.Objects.Count == 0 || parsed.Objects.Any(o => o.Schema is null)))
            throw Refused(SyncErrors.OperationWithoutSchema, statement, "names an object without its database", "write `database`.`table`");
        return parsed;
    }

    private void Add(BinlogOperationKind kind, BinlogPosition? position, IReadOnlyList<string> statements, SqlDialect source)
    {
        ArgumentNullException.ThrowIfNull(statements);
        if (statements.Count == 0)
            throw new TiFerryException(SyncErrors.OperationNotDdl, ErrorScope.Internal, $"{kind} needs at least one statement", "use skip to run nothing");
        foreach (var statement in statements)
            Read(statement, source);
        Add(new BinlogOperation(position ?? Stopped(), kind, [.. statements]));
    }

    private void Add(BinlogOperation operation)
    {
        lock (_lock)
        {
            // The position is taken from the new one too: names that differ can mean the same place.
            _operations.Remove(operation.Position);
            _operations.Add(operation.Position, operation);
            _met.Remove(operation.Position);
            _isEmpty = false;
        }
    }

    private BinlogPosition Stopped() => StoppedAt ?? throw new TiFerryException(SyncErrors.OperationMissing, ErrorScope.Internal,
        "the unit did not stop at a statement", "give the position at which the statement's event begins (SHOW BINLOG EVENTS); rows can't be skipped");

    private static TiFerryException Refused(ErrorCode code, string statement, string why, string workaround) =>
        new(code, ErrorScope.Internal, $"the statement '{SecretText.Mask(statement)}' {SecretText.Mask(why)}", workaround);
}
