using System.Text;
using TiFerry.Binlog.Events;
using TiFerry.Binlog.Values;
using TiFerry.Core.Errors;
using TiFerry.Schema.Expressions;
using TiFerry.Schema.Tables;

namespace TiFerry.Sync.Filter.Expressions;

/// <summary>
/// The expression filter of one source table. One thread uses it at a time. After a schema change of the table it is compiled again.
/// </summary>
public sealed class ExpressionFilter
{
    private readonly TableName _table;
    private readonly RowCells _cells;
    private readonly Scratch _scratch = new();
    private readonly List<Clause> _inserts = [];
    private readonly List<(Clause? Old, Clause? New)> _updates = [];
    private readonly List<Clause> _deletes = [];

    private ExpressionFilter(TableName table, RowCells cells)
    {
        _table = table;
        _cells = cells;
    }

    /// <summary>Compiles the rules of one table.</summary>
    /// <param name="rules">All rules; those of other tables are passed over.</param>
    /// <param name="source">The table's name on the source.</param>
    /// <param name="table">Its columns on the source, in the order of its row images.</param>
    /// <param name="options">Whose semantics to follow.</param>
    /// <returns>The filter; null where no rule is for this table.</returns>
    /// <exception cref="TiFerryException"><see cref="SyncErrors.BadExpression"/>: an expression can't be read, names an unknown column or function, or can't be evaluated
    /// exactly as the source would; the text tells where in the expression.</exception>
    public static ExpressionFilter? Compile(IReadOnlyList<ExpressionRule> rules, TableName source, Table table, ExpressionOptions options)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(options);
        var cells = new RowCells(source, options.TimeZone ?? TimeZoneInfo.Utc);
        var compiler = new ExpressionCompiler(table with { Name = source }, cells, options);
        var filter = new ExpressionFilter(source, cells);
        foreach (var rule in rules)
        {
            if (rule.Schema != source.Schema || rule.Table != source.Name)
                continue;
            if (filter.CompileClause(compiler, options, "insert-value-expr", rule.InsertValueExpr) is { } insert)
                filter._inserts.Add(insert);
            if (filter.CompileClause(compiler, options, "delete-value-expr", rule.DeleteValueExpr) is { } delete)
                filter._deletes.Add(delete);
            var before = filter.CompileClause(compiler, options, "update-old-value-expr", rule.UpdateOldValueExpr);
            var after = filter.CompileClause(compiler, options, "update-new-value-expr", rule.UpdateNewValueExpr);
            if (before is not null || after is not null)
                filter._updates.Add((before, after));
        }

        return filter._inserts.Count + filter._updates.Count + filter._deletes.Count == 0 ? null : filter;
    }

    /// <summary>Whether a row change stays away from the target, when both images hold the same columns.</summary>
    /// <inheritdoc cref="Skips(RowsKind, TableMapEvent, ColumnBitmap, ReadOnlySpan{byte}, ColumnBitmap, ReadOnlySpan{byte})"/>
    public bool Skips(RowsKind kind, TableMapEvent map, ColumnBitmap columns, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after) =>
        Skips(kind, map, columns, before, columns, after);

    /// <summary>Whether a row change stays away from the target: some rule's expression is true, of an update the one over the old and the one over the new values.</summary>
    /// <param name="kind">What happened to the row.</param>
    /// <param name="map">The table as the binlog lays it out.</param>
    /// <param name="beforeColumns">The columns in the image before.</param>
    /// <param name="before">The image before; empty for an insert.</param>
    /// <param name="afterColumns">The columns in the image after.</param>
    /// <param name="after">The image after; empty for a delete.</param>
    /// <exception cref="TiFerryException">The image lacks a column that is named, or a value is out of the range in which the source computes.</exception>
    public bool Skips(RowsKind kind, TableMapEvent map, ColumnBitmap beforeColumns, ReadOnlySpan<byte> before, ColumnBitmap afterColumns, ReadOnlySpan<byte> after)
    {
        ArgumentNullException.ThrowIfNull(map);
        return kind switch
        {
            RowsKind.Write => _inserts.Count > 0 && IsAnyTrue(_inserts, map, afterColumns, after),
            RowsKind.Delete => _deletes.Count > 0 && IsAnyTrue(_deletes, map, beforeColumns, before),
            _ => _updates.Count > 0 && SkipsUpdate(map, beforeColumns, before, afterColumns, after),
        };
    }

    private bool IsAnyTrue(List<Clause> clauses, TableMapEvent map, ColumnBitmap columns, ReadOnlySpan<byte> image)
    {
        _cells.Read(map, columns, image);
        foreach (var clause in clauses)
        {
            if (IsTrue(clause, image))
                return true;
        }

        return false;
    }

    private bool SkipsUpdate(TableMapEvent map, ColumnBitmap beforeColumns, ReadOnlySpan<byte> before, ColumnBitmap afterColumns, ReadOnlySpan<byte> after)
    {
        foreach (var (old, @new) in _updates)
        {
            if (old is not null)
            {
                _cells.Read(map, beforeColumns, before);
                if (!IsTrue(old, before))
                    continue;
            }

            if (@new is null)
                return true;
            _cells.Read(map, afterColumns, after);
            if (IsTrue(@new, after))
                return true;
        }

        return false;
    }

    private bool IsTrue(Clause clause, ReadOnlySpan<byte> image)
    {
        _scratch.Clear();
        var row = new Row(image, _cells.Cells, _scratch);
        try
        {
            return clause.Condition.Test(in row) == Truth.True;
        }
        catch (OverflowException overflow)
        {
            throw new TiFerryException(SyncErrors.ExpressionOutOfRange, ErrorScope.Upstream,
                $"the {clause.Key} of table {_table} can't be evaluated for a row: {overflow.Message} in {clause.Text}",
                "write the expression so that it stays in range, for example with CAST(... AS DECIMAL(65,0))");
        }
    }

    private Clause? CompileClause(ExpressionCompiler compiler, ExpressionOptions options, string key, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var bytes = Encoding.UTF8.GetBytes(text);
        try
        {
            var node = compiler.Compile(ExpressionParser.Parse(bytes, options.Source));
            return new Clause(key, text, node is ColumnNode { Reading: ColumnReading.Opaque } ? throw new ExpressionException(node.Position, "the column is no condition", "compare it") : node);
        }
        catch (ExpressionException fault)
        {
            var character = Encoding.UTF8.GetCharCount(bytes.AsSpan(0, Math.Min(fault.Position, bytes.Length))) + 1;
            throw new TiFerryException(SyncErrors.BadExpression, ErrorScope.NotSet,
                $"the {key} of table {_table} can't be used: {fault.Message} (at character {character} of {text})", fault.WayOut ?? "correct it in the task's expression-filter");
        }
    }

    private sealed record Clause(string Key, string Text, Node Condition);
}
