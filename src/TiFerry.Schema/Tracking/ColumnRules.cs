using TiFerry.MySql;
using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Lexing;
using ColumnDefinition = TiFerry.Schema.Ddl.Ast.ColumnDefinition;

namespace TiFerry.Schema.Tracking;

/// <summary>Completes a column definition: everything that the statement leaves open is decided as the server decides it.</summary>
/// <param name="Dialect">The server, with the session's sql_mode.</param>
/// <param name="Context">The session.</param>
/// <param name="ExplicitTimestamps">Whether TIMESTAMP is a type like others (<c>explicit_defaults_for_timestamp</c>).</param>
internal sealed record ColumnRules(SqlDialect Dialect, StatementContext Context, bool ExplicitTimestamps)
{
    private readonly CharsetRules _charsets = new(Dialect, Context);

    /// <summary>Whether MySQL 5.6 gives a default to columns that only their primary key makes NOT NULL.</summary>
    public bool ImpliesDefaults { get; init; } = true;

    /// <summary>The complete column, without the keys and references that stand in its definition.</summary>
    /// <param name="written">The definition of the statement.</param>
    /// <param name="inherited">The character set of the table.</param>
    public ColumnDefinition Complete(ColumnDefinition written, CharsetChoice inherited)
    {
        if (Dialect.Flavour == ServerFlavour.MariaDb && written.Type.Name == "json")
            written = AsLongText(written);
        var type = TypeRules.Complete(written.Type, CharsetOf(written.Type, inherited), Dialect);
        if (TypeRules.IsTooLong(type) && !Context.IsStrict)
            type = TypeRules.ToLong(type, type.Charset);
        var column = written with
        {
            Type = type with { Span = default },
            Generated = written.Generated is { } generated ? Complete(generated) : null,
            IsVisible = written.IsVisible is false ? false : null,
            Comment = written.Comment is { Length: > 0 } ? written.Comment : null,
            Checks = KeepsColumnChecks ? [.. written.Checks.Select(Complete)] : [],
            Options = [.. written.Options.Where(o => o.Name is not ("COLUMN_FORMAT" or "STORAGE") || !o.Value.Equals("DEFAULT", StringComparison.OrdinalIgnoreCase))],
            IsPrimaryKey = false,
            IsUniqueKey = false,
            References = null,
            Span = default,
        };
        return CompleteNullability(column, written.IsPrimaryKey);
    }

    /// <summary>The check with its expression in plain quotes.</summary>
    public CheckDefinition Complete(CheckDefinition check) => check with
    {
        Expression = ExpressionText.Plain(check.Expression, Dialect),
        IsEnforced = check.IsEnforced is false ? false : null,
        IfNotExists = false,
        Span = default,
    };

    /// <summary>
    /// Without explicit_defaults_for_timestamp, the first TIMESTAMP of a statement follows the clock, and the others start at zero (MySQL manual,
    /// "explicit_defaults_for_timestamp").
    /// </summary>
    public void PromoteTimestamps(IList<ColumnDefinition> columns)
    {
        if (ExplicitTimestamps)
            return;
        var isFirst = true;
        for (var i = 0; i < columns.Count; i++)
        {
            var column = columns[i];
            if (column.Type.Name != "timestamp")
                continue;
            if (column.IsNullable is false && column.Default is null && column.Generated is null && column.RowTime == RowTime.None)
            {
                var now = DefaultRules.CurrentTimestamp(column.Type);
                columns[i] = isFirst && column.OnUpdate is null
                    ? column with { Default = new ColumnDefault(DefaultKind.CurrentTimestamp, now), OnUpdate = now }
                    : column with { Default = DefaultRules.Zero(column.Type) };
            }

            isFirst = false;
        }
    }

    /// <summary>CONVERT TO CHARACTER SET: columns of the binary character set stay.</summary>
    public void Convert(IList<ColumnDefinition> columns, CharsetChoice charset)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            var type = TypeRules.Convert(columns[i].Type, charset);
            // MySQL 8.0 goes by the bytes that the characters took before.
            var before = Dialect is { Flavour: ServerFlavour.MySql, Version: >= 80000 } ? columns[i].Type.Charset : type.Charset;
            columns[i] = columns[i] with { Type = TypeRules.IsTooLong(type) && !Context.IsStrict ? TypeRules.ToLong(type, before) : type };
        }
    }

    /// <summary>The column as part of a primary key.</summary>
    public ColumnDefinition MakeNotNull(ColumnDefinition column)
    {
        if (column.IsNullable is false)
            return column;
        var givesZero = ImpliesDefaults && column.Default is not null && Dialect.Flavour == ServerFlavour.MySql && Dialect.Version < 50700 && !column.IsAutoIncrement;
        return column with
        {
            IsNullable = false,
            Default = column.Default is { Kind: not DefaultKind.Null } kept ? kept : givesZero ? DefaultRules.Zero(column.Type) : null,
        };
    }

    // MariaDB keeps the check of a column with it, MySQL from 8.0.16 on makes it one of the table, older servers forget it.
    private bool KeepsColumnChecks => Dialect is { Flavour: ServerFlavour.MariaDb, Version: >= 100200 };

    // MariaDB's JSON is an alias (knowledge base, "JSON Data Type").
    private static ColumnDefinition AsLongText(ColumnDefinition column) => column with
    {
        Type = new DataType("longtext") { Charset = "utf8mb4", Collation = "utf8mb4_bin" },
        Checks = column.Checks.Count > 0 ? column.Checks : [new CheckDefinition(new SqlExpression($"json_valid({Tables.TableName.Quote(column.Name)})"))],
    };

    private CharsetChoice CharsetOf(DataType type, CharsetChoice inherited)
    {
        if (type.IsNational)
            return type.IsBinary ? _charsets.Binary("utf8mb3") : _charsets.Resolve("utf8mb3", type.Collation, inherited);
        if (type.IsBinary && type.Collation is null)
            return _charsets.Binary(type.Charset ?? inherited.Name);
        return _charsets.Resolve(type.Charset, type.Collation, inherited);
    }

    private GeneratedColumn Complete(GeneratedColumn generated) => generated with
    {
        Expression = ExpressionText.Plain(generated.Expression, Dialect) with { Span = default },
        Storage = generated.Storage == GeneratedStorage.Stored ? GeneratedStorage.Stored : GeneratedStorage.Virtual,
        Span = default,
    };

    private ColumnDefinition CompleteNullability(ColumnDefinition column, bool isKey)
    {
        var isGenerated = column.Generated is not null;
        var isNullable = column.IsAutoIncrement || column.RowTime != RowTime.None
            ? false
            : (isKey ? false : column.IsNullable) ?? (ExplicitTimestamps || isGenerated || column.Type.Name != "timestamp");
        var written = column.Default is { } given ? DefaultRules.Complete(given, column.Type, Dialect) : null;
        return column with
        {
            IsNullable = isNullable,
            Default = written ?? (isNullable && !isGenerated ? DefaultRules.Null : null),
            OnUpdate = column.OnUpdate is { } clock ? clock with { Span = default } : null,
        };
    }
}
