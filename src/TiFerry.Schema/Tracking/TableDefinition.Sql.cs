using System.Text;
using TiFerry.Core.Errors;
using TiFerry.Schema.Ddl;
using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Tracking;

public sealed partial record TableDefinition
{
    /// <summary>Reads CREATE TABLE, as SHOW CREATE TABLE gives it or as a person writes it.</summary>
    /// <param name="createTable">The statement in UTF-8. Its table option or <paramref name="databaseCollation"/> must tell the character set.</param>
    /// <param name="dialect">The server it comes from, with the sql_mode of the session in which it was shown or written.</param>
    /// <param name="databaseCollation">What the table gets when it names no character set; null makes that an error.</param>
    /// <exception cref="TiFerryException">It can't be read, is no CREATE TABLE with columns written out, or doesn't tell its character set.</exception>
    public static TableDefinition Parse(ReadOnlySpan<byte> createTable, SqlDialect dialect, string? databaseCollation = null)
    {
        if (DdlParser.Parse(createTable, dialect) is not CreateTable { LikeSource: null, Select: null } statement)
        {
            throw new TiFerryException(SchemaErrors.CannotParseStatement, ErrorScope.Upstream, "a table's definition has to be a CREATE TABLE statement with its columns written out",
                "use the text that SHOW CREATE TABLE gives");
        }

        var context = new StatementContext { Mode = dialect.Mode };
        // What a server shows is spelt out: nothing is implied by the type TIMESTAMP or by a primary key.
        var rules = new ColumnRules(dialect, context, ExplicitTimestamps: true) { ImpliesDefaults = false };
        return TableCreation.Create(statement, rules, () => InheritedCharset(statement, dialect, context, databaseCollation), "InnoDB");
    }

    /// <summary>CREATE TABLE for a session of the same server with an empty sql_mode; <see cref="Parse"/> gives an equal definition back.</summary>
    public string ToSql() => Encoding.UTF8.GetString(DdlPrinter.Print(ToStatement(), Dialect));

    internal CreateTable ToStatement() => new(new ObjectName(null, Name))
    {
        Elements = [.. Columns.Select(AsWritten), .. Keys.Select(WithoutMadeName), .. Periods, .. ForeignKeys, .. Checks],
        Options =
        [
            new OptionClause("ENGINE", Engine, OptionValueKind.Word),
            new OptionClause("CHARACTER SET", Charset, OptionValueKind.Word),
            .. Charset == "binary" ? [] : (OptionClause[])[new OptionClause("COLLATE", Collation, OptionValueKind.Word)],
            .. Options,
            .. Comment.Length > 0 ? (OptionClause[])[new OptionClause("COMMENT", Comment, OptionValueKind.Text)] : [],
        ],
        Partitioning = Partitioning,
    };

    // The character set only where it is not the table's, and no nullability for a generated column: MariaDB takes none.
    private ColumnDefinition AsWritten(ColumnDefinition column)
    {
        var inherits = column.Type.Charset == Charset && (column.Type.Collation ?? column.Type.Charset) == Collation;
        return column with
        {
            Type = inherits ? column.Type with { Charset = null, Collation = null } : column.Type,
            IsNullable = column.IsNullable is true && column.Generated is not null || column.RowTime != RowTime.None ? null : column.IsNullable,
        };
    }

    private static KeyDefinition WithoutMadeName(KeyDefinition key) => key.Type == KeyType.Primary ? key with { Name = null } : key;

    private static CharsetChoice InheritedCharset(CreateTable statement, SqlDialect dialect, StatementContext context, string? databaseCollation) =>
        databaseCollation is null
            ? throw new TiFerryException(SchemaErrors.CannotParseStatement, ErrorScope.Upstream, $"the definition of table {statement.Name} doesn't name its character set",
                "add DEFAULT CHARSET and COLLATE to it")
            : new CharsetRules(dialect, context).ByCollation(databaseCollation);
}
