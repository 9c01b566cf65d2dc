using TiFerry.Schema.Ddl.Ast;

namespace TiFerry.Schema.Ddl.Targets;

/// <summary>
/// What servers do not have in common, one line for each clause: its name, who knows it, where it stands, what is written instead. No replacement means
/// that the statement stops. Sources: the "What Is New" chapters of the MySQL 5.7, 8.0 and 9 manuals, MariaDB's "System Variable and Syntax Differences" and its pages
/// on CREATE and ALTER TABLE, TiDB's "MySQL Compatibility".
/// </summary>
internal static class TargetRules
{
    private const string Nobody = "";
    private const string MariaDb = "mariadb";
    private const string TiDb = "tidb";
    private const string MySql = "mysql";
    private const string InvisibleColumns = "mysql 8.0.23, mariadb 10.3";
    private const string DefaultExpressions = "mysql 8.0.13, mariadb 10.2.1";
    private const string ByHand = "make the change on the target by hand in a form that it takes, with the same columns, and go on behind the statement; or leave the table out";

    /// <summary>All rules. Each sees what those before it made.</summary>
    public static readonly IReadOnlyList<TargetRule> All =
    [
        // Data types
        new TargetRule<DataType>("data type UUID", "mariadb 10.7", t => t.Name == "uuid") { WayOut = "create the table on the target by hand with CHAR(36) in its place; or leave it out" },
        new TargetRule<DataType>("data type INET4", "mariadb 10.10", t => t.Name == "inet4") { WayOut = "create the table on the target by hand with VARCHAR(15) in its place; or leave it out" },
        new TargetRule<DataType>("data type INET6", "mariadb 10.5", t => t.Name == "inet6") { WayOut = "create the table on the target by hand with VARCHAR(39) in its place; or leave it out" },
        new TargetRule<DataType>("data type XMLTYPE", "mariadb 12.1", t => t.Name == "xmltype", t => t with { Name = "longtext" }) { Loss = "stored as LONGTEXT" },
        new TargetRule<DataType>("data type VECTOR", "mysql 9.0, mariadb 11.7, tidb 8.4", t => t.Name == "vector") { WayOut = ByHand },
        new TargetRule<DataType>("VECTOR without a length", "mysql, tidb", t => t is { Name: "vector", Length: null }, t => t with { Length = 2048 }),
        new TargetRule<DataType>("data type JSON", "mysql 5.7.8, mariadb, tidb", t => t.Name == "json", JsonText) { Loss = "stored as LONGTEXT, not validated" },
        new TargetRule<ColumnDefinition>("JSON kept as it was written", MariaDb, c => c.Type.Name == "json", ValidatedText) { OnlyFrom = MariaDb },
        new TargetRule<DataType>("spatial data types", "mysql, mariadb", t => t.Name is "geometry" or "point" or "linestring" or "polygon" or "multipoint" or "multilinestring" or "multipolygon" or "geomcollection" or "geometrycollection") { WayOut = "leave the table out" },
        new TargetRule<DataType>("type name GEOMCOLLECTION", "mysql 8.0", t => t.Name == "geomcollection", t => t with { Name = "geometrycollection" }),
        new TargetRule<DataType>("YEAR(2)", "mysql 0-5.6, mariadb", t => t is { Name: "year", Length: 2 }, t => t with { Length = null }) { Loss = "years are shown with four digits" },
        new TargetRule<DataType>("collation without its character set", "mariadb 10.10", t => IsShortCollation(t.Collation), t => t with { Charset = t.Charset ?? "utf8mb4", Collation = $"{t.Charset ?? "utf8mb4"}_{t.Collation}" }),
        new TargetRule<DataType>("SRID", "mysql 8.0.3", t => t.Srid is not null, t => t with { Srid = null }) { Loss = "values of other reference systems are not refused" },

        // Columns
        new TargetRule<ColumnDefinition>("VISIBLE", "mysql 8.0.23", c => c.IsVisible == true, c => c with { IsVisible = null }),
        new TargetRule<ColumnDefinition>("INVISIBLE column", InvisibleColumns, c => c.IsVisible == false, c => c with { IsVisible = null }) { Loss = "SELECT * shows the column" },
        new TargetRule<ColumnDefinition>("COMPRESSED column", "mariadb 10.3.2", c => c.Compression is not null, c => c with { Compression = null }),
        new TargetRule<ColumnDefinition>("generated column", "mysql 5.7, mariadb, tidb", c => c.Generated is not null) { WayOut = "create the table on the target by hand with an ordinary column in its place; or leave it out" },
        new TargetRule<ColumnDefinition>("NOT NULL of a generated column", "mysql 5.7, tidb", c => c is { Generated: not null, IsNullable: not null }, c => c with { IsNullable = null }) { Loss = "NULL is not refused" },
        new TargetRule<ColumnDefinition>("ROW START and ROW END", "mariadb 10.3", c => c.RowTime != RowTime.None) { WayOut = "leave the table out, or drop its system versioning on the source" },
        new TargetRule<ColumnDefinition>("system versioning of a column", "mariadb 10.3", c => c.HasSystemVersioning is not null) { WayOut = "leave the table out, or drop its system versioning on the source" },
        new TargetRule<ColumnDefinition>("AUTO_RANDOM", "tidb 4.0", c => c.AutoRandom is not null, c => c with { AutoRandom = null }) { Loss = "the target does not make values for the column" },
        new TargetRule<ColumnDefinition>("CLUSTERED and NONCLUSTERED", "tidb 5.0", c => c.Clustering != KeyClustering.Unspecified, c => c with { Clustering = KeyClustering.Unspecified }),
        new TargetRule<ColumnDefinition>("REFERENCES in a column, which the source ignores", "mysql 0-8.4, mariadb 0-10.4, tidb", c => c.References is not null, c => c with { References = null }) { OnlyFrom = "mysql 0-8.4, mariadb 0-10.4" },
        new TargetRule<OptionClause>("COLUMN_FORMAT, STORAGE", "mysql, tidb", o => o.Name is "COLUMN_FORMAT" or "STORAGE", _ => null),
        new TargetRule<OptionClause>("NOT SECONDARY", "mysql 8.0.13", o => o.Name == "NOT SECONDARY", _ => null),
        new TargetRule<OptionClause>("GLOBAL and LOCAL of an index", "tidb 8.3", o => o.Name is "GLOBAL" or "LOCAL", _ => null),

        // Expressions
        new TargetRule<SqlExpression>("-> and ->>", "mysql 5.7.13, tidb", e => e.Text.Contains("->", StringComparison.Ordinal), JsonPaths.AsFunctions),

        // Defaults
        new TargetRule<ColumnDefault>("NEXT VALUE FOR", "mariadb 10.3", IsSequenceValue) { WayOut = "create the table on the target by hand without this default; or leave it out" },
        new TargetRule<ColumnDefault>("default expression without brackets", MariaDb, d => d.Kind == DefaultKind.Expression && !IsBracketed(d), InBrackets),
        new TargetRule<ColumnDefault>("DATE, TIME and TIMESTAMP before a default", MariaDb, d => d.Kind == DefaultKind.Literal && WithoutDateWord(d) is not null, WithoutDateWord),
        new TargetRule<ColumnDefinition>("default of a TEXT or BLOB column", DefaultExpressions, c => c is { Default.Kind: not DefaultKind.Null } && c.Default is not null && IsLob(c.Type)) { WayOut = "create the table on the target by hand without this default; or leave it out" },
        new TargetRule<ColumnDefinition>("default of a TEXT or BLOB column without brackets", MariaDb, c => c is { Default.Kind: DefaultKind.Literal } && IsLob(c.Type), c => c with { Default = InBrackets(c.Default!) }),
        new TargetRule<ColumnDefault>("literal default in brackets", DefaultExpressions, d => WithoutBrackets(d) is not null, WithoutBrackets),
        new TargetRule<ColumnDefault>("default expression", $"{DefaultExpressions}, tidb", d => d.Kind == DefaultKind.Expression) { WayOut = "create the table on the target by hand without this default; or leave it out" },

        // Checks
        new TargetRule<CheckDefinition>("NOT ENFORCED", "mysql 8.0.16, tidb 7.2", c => c.IsEnforced == false, _ => null),
        new TargetRule<CheckDefinition>("ENFORCED", "mysql 8.0.16, tidb 7.2", c => c.IsEnforced == true, c => c with { IsEnforced = null }),
        new TargetRule<CheckDefinition>("IF NOT EXISTS of a check", MariaDb, c => c.IfNotExists, c => c with { IfNotExists = false }),
        new TargetRule<AlterSpecification>("checks", "mysql 8.0.16, mariadb 10.2.1, tidb 7.2", s => s is DropCheck or SetCheckEnforced, _ => null),
        new TargetRule<AlterSpecification>("ALTER CHECK ... ENFORCED", "mysql 8.0.16, tidb 7.2", s => s is SetCheckEnforced) { WayOut = ByHand },
        new TargetRule<AlterSpecification>("DROP CHECK", "mysql 8.0.16, tidb 7.2", s => s is DropCheck, s => new DropConstraint(((DropCheck)s).Name) { IfExists = true }),
        new TargetRule<AlterSpecification>("DROP CONSTRAINT", "mysql 8.0.19, mariadb 10.2.1, tidb", s => s is DropConstraint) { WayOut = ByHand },

        // Keys
        new TargetRule<KeyDefinition>("invisible index", "mysql 8.0, mariadb 10.6, tidb 5.0", k => k.IsVisible == false || k.IsIgnored == true, k => k with { IsVisible = null, IsIgnored = null }),
        new TargetRule<KeyDefinition>("INVISIBLE index", "mysql 8.0, tidb 5.0", k => k.IsVisible is not null, k => k with { IsVisible = null, IsIgnored = k.IsVisible == false ? true : null }),
        new TargetRule<KeyDefinition>("IGNORED index", "mariadb 10.6", k => k.IsIgnored is not null, k => k with { IsIgnored = null, IsVisible = k.IsIgnored == true ? false : null }),
        new TargetRule<KeyDefinition>("unique functional key", "mysql 8.0.13, tidb 5.0", k => k.Type == KeyType.Unique && IsFunctional(k)) { WayOut = ByHand },
        new TargetRule<KeyDefinition>("functional key", "mysql 8.0.13, tidb 5.0", IsFunctional, _ => null) { Loss = "the target does without the index" },
        new TargetRule<KeyDefinition>("VECTOR index", "mariadb 11.7, tidb 8.4", k => k.Type == KeyType.Vector, _ => null) { Loss = "the target does without the index" },
        new TargetRule<KeyDefinition>("COLUMNAR index", "tidb 8.5", k => k.Type == KeyType.Columnar, _ => null) { Loss = "the target does without the index" },
        new TargetRule<KeyDefinition>("SPATIAL index of InnoDB", "mysql 5.7, mariadb 10.2.2", k => k.Type == KeyType.Spatial, _ => null) { Loss = "the target does without the index" },
        new TargetRule<KeyDefinition>("WITH PARSER", "mysql 5.7", k => k.Parser is not null, k => k with { Parser = null }) { Loss = "full-text search finds other words" },
        new TargetRule<KeyDefinition>("WITHOUT OVERLAPS", "mariadb 10.5", k => k.WithoutOverlaps is not null) { WayOut = ByHand },
        new TargetRule<KeyDefinition>("CLUSTERED and NONCLUSTERED", "tidb 5.0", k => k.Clustering != KeyClustering.Unspecified, k => k with { Clustering = KeyClustering.Unspecified }),
        new TargetRule<KeyDefinition>("IF NOT EXISTS of a key", "mariadb, tidb", k => k.IfNotExists, k => k with { IfNotExists = false }),
        new TargetRule<ForeignKeyDefinition>("IF NOT EXISTS of a foreign key", "mariadb, tidb", k => k.IfNotExists, k => k with { IfNotExists = false }),
        new TargetRule<PeriodDefinition>("PERIOD FOR", "mariadb 10.4", _ => true) { WayOut = ByHand },
        new TargetRule<AlterSpecification>("visibility of an index", "mysql 8.0, mariadb 10.6, tidb 5.0", s => s is SetKeyVisibility or SetKeyIgnored, _ => null),
        new TargetRule<AlterSpecification>("ALTER INDEX ... INVISIBLE", "mysql 8.0, tidb 5.0", s => s is SetKeyVisibility, s => new SetKeyIgnored(((SetKeyVisibility)s).Name, !((SetKeyVisibility)s).IsVisible)),
        new TargetRule<AlterSpecification>("ALTER KEY ... IGNORED", "mariadb 10.6", s => s is SetKeyIgnored, s => new SetKeyVisibility(((SetKeyIgnored)s).Name, !((SetKeyIgnored)s).IsIgnored)),

        // Foreign keys
        new TargetRule<ForeignKeyDefinition>("name behind FOREIGN KEY besides that of the constraint", "mysql 8.0", k => k is { IndexName: not null, ConstraintName.Length: > 0 }, k => k with { IndexName = null }),
        new TargetRule<CreateTable>("REFERENCES in a column, which the source obeys", "mysql 9.0, mariadb 10.5", t => t.Columns.Any(c => c.References is not null), ForeignKeysApart) { OnlyFrom = "mysql 9.0, mariadb 10.5" },
        new TargetRule<AlterTable>("REFERENCES in a column, which the source obeys", "mysql 9.0, mariadb 10.5", t => t.Specifications.Any(s => Added(s)?.References is not null), ForeignKeysApart) { OnlyFrom = "mysql 9.0, mariadb 10.5" },

        new TargetRule<CreateTable>("primary key of generated columns", "mysql 5.7, tidb", HasGeneratedPrimaryKey) { WayOut = "create the table on the target by hand with an ordinary column in place of the generated one; or leave it out" },

        // Other changes of ALTER TABLE
        new TargetRule<AlterSpecification>("RENAME COLUMN", "mysql 8.0, mariadb 10.5.2, tidb 3.0", s => s is RenameColumn) { WayOut = "rename the column on the target by hand with CHANGE COLUMN, and go on behind the statement" },
        new TargetRule<AlterSpecification>("RENAME INDEX", "mysql 5.7, mariadb 10.5.2, tidb", s => s is RenameKey) { WayOut = "drop the index on the target and create it under the new name, and go on behind the statement" },
        new TargetRule<AlterSpecification>("ALTER COLUMN ... SET VISIBLE or INVISIBLE", "mysql 8.0.23", s => s is SetColumnVisibility, _ => null) { Loss = "the column stays as visible as it was" },
        new TargetRule<AlterSpecification>("IF EXISTS and IF NOT EXISTS of a column or key", "mariadb, tidb", HasExistenceClause, WithoutExistenceClause),
        new TargetRule<AlterSpecification>("collation without its character set", "mariadb 10.10", s => s is ConvertToCharset { Charset: not null } c && IsShortCollation(c.Collation), s => (ConvertToCharset)s with { Collation = $"{((ConvertToCharset)s).Charset}_{((ConvertToCharset)s).Collation}" }),
        new TargetRule<AlterSpecification>("system versioning", "mariadb 10.3", s => s is SetSystemVersioning) { WayOut = "leave the table out, or drop its system versioning on the source" },
        new TargetRule<AlterSpecification>("DROP PERIOD", "mariadb 10.4", s => s is DropPeriod) { WayOut = ByHand },
        new TargetRule<AlterSpecification>("CONVERT PARTITION and CONVERT TABLE", "mariadb 10.7", s => s is ConvertPartitionToTable or ConvertTableToPartition) { WayOut = ByHand },
        new TargetRule<AlterSpecification>("REORGANIZE PARTITION without names", "mysql, mariadb", s => s is ReorganizePartition { Names.Count: 0 }, _ => null),
        new TargetRule<AlterSpecification>("ALGORITHM=INSTANT", "mysql 8.0.12, mariadb 10.3, tidb", s => s is AlgorithmClause { Value: "INSTANT" }, _ => null),
        new TargetRule<AlterSpecification>("ALGORITHM=NOCOPY", "mariadb 10.3", s => s is AlgorithmClause { Value: "NOCOPY" }, _ => null),
        new TargetRule<AlterSpecification>("how a MySQL server changes a table", MySql, s => s is AlgorithmClause or LockClause, _ => null) { OnlyFrom = MySql },
        new TargetRule<AlterSpecification>("how a MariaDB server changes a table", MariaDb, s => s is AlgorithmClause or LockClause, _ => null) { OnlyFrom = MariaDb },
        new TargetRule<AlterSpecification>("VALIDATION of EXCHANGE PARTITION", "mysql 5.7.5, mariadb 11.4, tidb", s => s is ExchangePartition { HasValidation: not null }, s => (ExchangePartition)s with { HasValidation = null }),
        new TargetRule<AlterSpecification>("WITHOUT VALIDATION", "mysql 5.7, tidb", s => s is ValidationClause, _ => null),
        new TargetRule<AlterSpecification>("SECONDARY_LOAD", "mysql 8.0.13", s => s is OtherSpecification { Keyword: "SECONDARY_LOAD" or "SECONDARY_UNLOAD" }, _ => null),
        new TargetRule<AlterSpecification>("UPGRADE PARTITIONING", "mysql 5.7-5.7", s => s is OtherSpecification { Keyword: "UPGRADE PARTITIONING" }, _ => null),
        new TargetRule<AlterSpecification>("changes that only TiDB knows", TiDb, s => s is OtherSpecification { Keyword: not ("SECONDARY_LOAD" or "SECONDARY_UNLOAD" or "UPGRADE PARTITIONING") }, _ => null),

        // Whole statements
        new TargetRule<AlterTable>("ALTER IGNORE TABLE", "mysql 0-5.6, mariadb", t => t.Ignore) { WayOut = "delete on the target the rows that the source dropped, make the change there without IGNORE, and go on behind the statement" },
        new TargetRule<AlterTable>("ALTER TABLE IF EXISTS", MariaDb, t => t.IfExists, t => t with { IfExists = false }),
        new TargetRule<AlterTable>("WAIT and NOWAIT", "mariadb 10.3", t => t.Wait is not null, t => t with { Wait = null }),
        new TargetRule<DropTable>("WAIT and NOWAIT", "mariadb 10.3", t => t.Wait is not null, t => t with { Wait = null }),
        new TargetRule<RenameTable>("WAIT and NOWAIT", "mariadb 10.3", t => t.Wait is not null, t => t with { Wait = null }),
        new TargetRule<RenameTable>("RENAME TABLE IF EXISTS", "mariadb 10.5.2", t => t.IfExists, t => t with { IfExists = false }),
        new TargetRule<TruncateTable>("WAIT and NOWAIT", "mariadb 10.3", t => t.Wait is not null, t => t with { Wait = null }),
        new TargetRule<CreateIndex>("WAIT and NOWAIT", "mariadb 10.3", t => t.Wait is not null, t => t with { Wait = null }),
        new TargetRule<CreateIndex>("CREATE OR REPLACE INDEX", "mariadb 10.1.4", t => t.OrReplace) { WayOut = "drop the index on the target and create it again, and go on behind the statement" },
        new TargetRule<DropIndex>("WAIT and NOWAIT", "mariadb 10.3", t => t.Wait is not null, t => t with { Wait = null }),
        new TargetRule<DropIndex>("DROP INDEX IF EXISTS", "mariadb 10.1.4, tidb", t => t.IfExists, t => t with { IfExists = false }),
        new TargetRule<DropIndex>("ALGORITHM and LOCK of DROP INDEX", "mysql, tidb", t => t.Clauses.Count > 0, t => t with { Clauses = [] }),

        // Options of tables and partitions
        new TargetRule<OptionClause>("WITH SYSTEM VERSIONING", "mariadb 10.3", o => o.Name == "WITH SYSTEM VERSIONING") { WayOut = "leave the table out, or drop its system versioning on the source" },
        new TargetRule<OptionClause>("collation without its character set", "mariadb 10.10", o => o.Name == "COLLATE" && IsShortCollation(o.Value), o => o with { Value = $"utf8mb4_{o.Value}" }),
        new TargetRule<OptionClause>("DATA DIRECTORY and INDEX DIRECTORY", Nobody, o => o.Name is "DATA DIRECTORY" or "INDEX DIRECTORY", _ => null),
        new TargetRule<OptionClause>("TABLESPACE, NODEGROUP", "mysql 5.7", o => o.Name is "TABLESPACE" or "NODEGROUP", _ => null),
        new TargetRule<OptionClause>("AUTOEXTEND_SIZE", "mysql 8.0.23", o => o.Name == "AUTOEXTEND_SIZE", _ => null),
        new TargetRule<OptionClause>("SECONDARY_ENGINE", "mysql 8.0.13", o => o.Name == "SECONDARY_ENGINE", _ => null),
        new TargetRule<OptionClause>("ENGINE_ATTRIBUTE", "mysql 8.0.21", o => o.Name is "ENGINE_ATTRIBUTE" or "SECONDARY_ENGINE_ATTRIBUTE", _ => null),
        new TargetRule<OptionClause>("COMPRESSION", "mysql 5.7, tidb", o => o.Name == "COMPRESSION", _ => null),
        new TargetRule<OptionClause>("ENCRYPTION='N'", "mysql 5.7.11, tidb", o => o is { Name: "ENCRYPTION", Value: "N" or "n" }, _ => null),
        new TargetRule<OptionClause>("ENCRYPTION", "mysql 5.7.11, tidb", o => o.Name == "ENCRYPTION", _ => null) { Loss = "the target encrypts what its own settings say" },
        new TargetRule<OptionClause>("encryption of MariaDB", MariaDb, o => IsNamed(o, "ENCRYPTED", "ENCRYPTION_KEY_ID"), _ => null) { Loss = "the target encrypts what its own settings say" },
        new TargetRule<OptionClause>("ROW_FORMAT of another engine", Nobody, o => o.Name == "ROW_FORMAT" && o.Value.StartsWith("TOKUDB", StringComparison.OrdinalIgnoreCase), _ => null),
        new TargetRule<OptionClause>("ROW_FORMAT=PAGE", MariaDb, o => o.Name == "ROW_FORMAT" && o.Value.Equals("PAGE", StringComparison.OrdinalIgnoreCase), _ => null),
        new TargetRule<OptionClause>("options of MariaDB's engines", MariaDb, IsEngineDefined, _ => null),
        new TargetRule<OptionClause>("options of TiDB", TiDb, IsTiDbOption, _ => null),
        new TargetRule<OptionClause>("READ ONLY", "mysql 8.0.22", o => o.Name == "READ ONLY", _ => null),
        new TargetRule<OptionClause>("UPGRADE DATA DIRECTORY NAME", "mysql 0-5.7, mariadb", o => o.Name == "UPGRADE DATA DIRECTORY NAME", _ => null),

        // Partitions
        new TargetRule<PartitionRule>("PARTITION BY SYSTEM_TIME", "mariadb 10.3", r => r.Method == PartitionMethod.SystemTime) { WayOut = "leave the table out, or drop its system versioning on the source" },
        new TargetRule<PartitionRule>("INTERVAL of a partitioning", "mariadb 10.3, tidb 6.3", r => r.Tail is not null) { WayOut = ByHand },
        new TargetRule<PartitionDefinition>("PARTITION ... DEFAULT", "mariadb 10.2, tidb 7.3", p => p.Bound == PartitionBound.Default) { WayOut = ByHand },
    ];

    private static DataType JsonText(DataType type) => new("longtext") { Charset = "utf8mb4", Collation = "utf8mb4_bin", Span = type.Span };

    // MariaDB's JSON is text with a check; another server's JSON would change the documents.
    private static ColumnDefinition ValidatedText(ColumnDefinition column) => column with
    {
        Type = JsonText(column.Type),
        Checks = column.Checks.Count > 0 ? column.Checks : [new CheckDefinition(new SqlExpression($"JSON_VALID(`{column.Name.Replace("`", "``", StringComparison.Ordinal)}`)"))],
    };

    private static bool IsLob(DataType type) => type.Name.EndsWith("text", StringComparison.Ordinal) || type.Name.EndsWith("blob", StringComparison.Ordinal) || type.Name == "json";

    private static bool IsSequenceValue(ColumnDefault value) => value.Kind == DefaultKind.Expression
        && (value.Expression.Text.Contains("NEXT VALUE FOR", StringComparison.OrdinalIgnoreCase) || value.Expression.Text.Contains("NEXTVAL", StringComparison.OrdinalIgnoreCase)
            || value.Expression.Text.Contains("LASTVAL", StringComparison.OrdinalIgnoreCase));

    private static bool IsBracketed(ColumnDefault value) => value.Expression.Text.StartsWith('(');

    private static ColumnDefault InBrackets(ColumnDefault value) => new(DefaultKind.Expression, new SqlExpression($"({value.Expression.Text})"));

    // ('text') and (5), which SHOW CREATE TABLE of MySQL 8.0 also prints with an introducer.
    private static ColumnDefault? WithoutBrackets(ColumnDefault value)
    {
        var text = value.Expression.Text;
        if (value.Kind != DefaultKind.Expression || text.Length < 3 || text[0] != '(' || text[^1] != ')')
            return null;
        var inner = text[1..^1].Trim();
        var isNumber = inner.TrimStart('-').All(char.IsAsciiDigit);
        var isText = inner.StartsWith('\'') && inner.IndexOfAny(['\'', '\\'], 1) == inner.Length - 1;
        return isNumber || isText ? new ColumnDefault(DefaultKind.Literal, new SqlExpression(inner)) : null;
    }

    // DATE'2020-01-01': a string is the same where a date is wanted.
    private static ColumnDefault? WithoutDateWord(ColumnDefault value)
    {
        var text = value.Expression.Text;
        var quote = text.IndexOf('\'', StringComparison.Ordinal);
        return quote > 0 && text[..quote].Trim().ToUpperInvariant() is "DATE" or "TIME" or "TIMESTAMP" ? value with { Expression = new SqlExpression(text[quote..]) } : null;
    }

    // MariaDB 10.10: the character set comes from the column or table.
    private static bool IsShortCollation(string? collation) => collation?.StartsWith("uca1400_", StringComparison.Ordinal) == true;

    private static bool HasGeneratedPrimaryKey(CreateTable table)
    {
        var generated = table.Columns.Where(c => c.Generated is not null).ToList();
        var parts = table.Keys.Where(k => k.Type == KeyType.Primary).SelectMany(k => k.Parts).Select(p => p.Column).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return generated.Exists(c => c.IsPrimaryKey || parts.Contains(c.Name));
    }

    private static bool IsFunctional(KeyDefinition key) => key.Parts.Any(p => p.Expression is not null) && key.Type is not (KeyType.Vector or KeyType.Columnar);

    private static CreateTable ForeignKeysApart(CreateTable table) => table with
    {
        Elements = [.. table.Elements.Select(e => e is ColumnDefinition c ? c with { References = null } : e), .. table.Columns.Select(ForeignKeyOf).OfType<ForeignKeyDefinition>()],
    };

    private static AlterTable ForeignKeysApart(AlterTable table) => table with
    {
        Specifications =
        [
            .. table.Specifications.Select(s => s is AddColumn a ? a with { Column = a.Column with { References = null } } : s),
            .. table.Specifications.Select(Added).OfType<ColumnDefinition>().Select(ForeignKeyOf).OfType<ForeignKeyDefinition>().Select(f => new AddForeignKey(f)),
        ],
    };

    private static ColumnDefinition? Added(AlterSpecification specification) => (specification as AddColumn)?.Column;

    private static ForeignKeyDefinition? ForeignKeyOf(ColumnDefinition column) =>
        column.References is { } reference ? new ForeignKeyDefinition(reference) { Columns = [column.Name] } : null;

    private static bool IsNamed(OptionClause option, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (option.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    // The servers' own options are in upper case; what is left is defined by an engine.
    private static bool IsEngineDefined(OptionClause option) => option.Name is "TRANSACTIONAL" or "PAGE_CHECKSUM" or "SEQUENCE" || !OptionNames.AreOfServer(option.Name);

    private static bool IsTiDbOption(OptionClause option) => OptionNames.AreOfTiDb(option.Name);

    private static bool HasExistenceClause(AlterSpecification specification) => !WithoutExistenceClause(specification).Equals(specification);

    private static AlterSpecification WithoutExistenceClause(AlterSpecification specification) => specification switch
    {
        AddColumn s => s with { IfNotExists = false },
        AddColumns s => s with { IfNotExists = false },
        AddPartition s => s with { IfNotExists = false },
        DropColumn s => s with { IfExists = false },
        ModifyColumn s => s with { IfExists = false },
        ChangeColumn s => s with { IfExists = false },
        RenameColumn s => s with { IfExists = false },
        SetColumnDefault s => s with { IfExists = false },
        DropColumnDefault s => s with { IfExists = false },
        DropKey s => s with { IfExists = false },
        DropPrimaryKey s => s with { IfExists = false },
        DropForeignKey s => s with { IfExists = false },
        DropConstraint s => s with { IfExists = false },
        DropPartition s => s with { IfExists = false },
        RenameKey s => s with { IfExists = false },
        SetKeyIgnored s => s with { IfExists = false },
        _ => specification,
    };
}
