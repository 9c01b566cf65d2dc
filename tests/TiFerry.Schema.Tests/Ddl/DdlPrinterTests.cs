using System.Text;
using FsCheck;
using FsCheck.Fluent;
using TiFerry.Schema.Ddl;
using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Tests.Ddl;

/// <summary>What is printed is read as the same tree, for trees that nobody thought of.</summary>
public class DdlPrinterTests
{
    private static readonly Gen<string> Names = Gen.Elements("a", "b`c", "select", "é", "x y", "KEY", "t.u", "'", "1", "a--b");
    private static readonly Gen<string> Texts = Gen.Elements("", "it's", "\"", "\\", "a\\'b", "\n", "/* x */", "漢", "a;b", "),(");
    private static readonly Gen<bool> Bools = Gen.Elements(true, false);
    private static readonly Gen<bool?> MaybeBools = Gen.Elements<bool?>(true, false, null);
    private static readonly Gen<SqlExpression> Expressions = Gen.Elements("a + 1", "f(a, ')')", "`x y` > (1)", "'a''b'", "CASE WHEN a THEN b END", "- -1").Select(t => new SqlExpression(t));
    private static readonly Gen<ObjectName> Objects = Names.Two().Select(n => new ObjectName(n.Item1 == "a" ? null : n.Item1, n.Item2));
    private static readonly Gen<NodeList<string>> NameLists = Some(Names);

    private static readonly Gen<DataType> Types = from name in Gen.Elements("int", "varchar", "decimal", "enum", "longtext", "timestamp", "bit")
                                                  from length in Gen.Choose(1, 60)
                                                  from flag in Bools
                                                  from members in Some(Texts)
                                                  select name switch
                                                  {
                                                      "int" => new DataType(name) { Length = length, IsUnsigned = true, IsZerofill = flag },
                                                      "varchar" => new DataType(name) { Length = length, Charset = "utf8mb4", Collation = flag ? "utf8mb4_bin" : null },
                                                      "decimal" => new DataType(name) { Length = length, Decimals = length / 2, IsUnsigned = flag },
                                                      "enum" => new DataType(name) { Members = members, Charset = flag ? "latin1" : null },
                                                      "longtext" => new DataType(name) { IsBinary = flag },
                                                      _ => new DataType(name) { Length = flag ? 6 : null },
                                                  };

    private static readonly Gen<ColumnDefault?> Defaults = Gen.OneOf(
        Gen.Constant<ColumnDefault?>(null),
        Gen.Constant<ColumnDefault?>(new ColumnDefault(DefaultKind.Null, new SqlExpression("NULL"))),
        Gen.Constant<ColumnDefault?>(new ColumnDefault(DefaultKind.Literal, new SqlExpression("-1.5")) { Value = "-1.5" }),
        Gen.Constant<ColumnDefault?>(new ColumnDefault(DefaultKind.Literal, new SqlExpression("'x' 'y'")) { Value = "xy" }),
        Gen.Constant<ColumnDefault?>(new ColumnDefault(DefaultKind.CurrentTimestamp, new SqlExpression("CURRENT_TIMESTAMP(3)"))),
        Expressions.Select(e => (ColumnDefault?)new ColumnDefault(DefaultKind.Expression, new SqlExpression($"({e.Text})"))));

    private static readonly Gen<ColumnDefinition> Columns = from name in Names
                                                            from type in Types
                                                            from nullable in MaybeBools
                                                            from value in Defaults
                                                            from visible in MaybeBools
                                                            from comment in Gen.OneOf(Gen.Constant<string?>(null), Texts.Select(t => (string?)t))
                                                            from expression in Expressions
                                                            from shape in Gen.Choose(0, 5)
                                                            select new ColumnDefinition(name, type)
                                                            {
                                                                IsNullable = nullable,
                                                                Default = shape == 1 ? null : value,
                                                                IsVisible = visible,
                                                                Comment = comment,
                                                                Generated = shape == 1 ? new GeneratedColumn(expression, GeneratedStorage.Stored) : null,
                                                                IsAutoIncrement = shape == 2,
                                                                IsPrimaryKey = shape is 2 or 3,
                                                                IsUniqueKey = shape == 3,
                                                                OnUpdate = shape == 4 ? new SqlExpression("CURRENT_TIMESTAMP") : null,
                                                                Checks = shape == 5 ? [new CheckDefinition(expression) { IsEnforced = nullable }] : [],
                                                            };

    private static readonly Gen<KeyDefinition> Keys = from type in Gen.Elements(KeyType.Plain, KeyType.Primary, KeyType.Unique, KeyType.Fulltext)
                                                      from names in NameLists
                                                      from name in Names
                                                      from expression in Expressions
                                                      from flag in Bools
                                                      from visible in MaybeBools
                                                      select new KeyDefinition(type)
                                                      {
                                                          Name = name,
                                                          ConstraintName = type == KeyType.Unique ? name : null,
                                                          Parts = [.. names.Select(n => new KeyPart { Column = n, PrefixLength = flag ? 7 : null, IsDescending = !flag }), new KeyPart { Expression = expression }],
                                                          IsVisible = visible,
                                                          Algorithm = flag ? "BTREE" : null,
                                                          Comment = flag ? name : null,
                                                      };

    private static readonly Gen<TableElement> Elements = Gen.OneOf(
        Columns.Select(c => (TableElement)c),
        Keys.Select(k => (TableElement)k),
        from table in Objects
        from columns in NameLists
        from action in Gen.Elements(ReferentialAction.Unspecified, ReferentialAction.SetNull, ReferentialAction.NoAction)
        select (TableElement)new ForeignKeyDefinition(new ForeignKeyReference(table) { Columns = columns, OnDelete = action, OnUpdate = action }) { Columns = columns, ConstraintName = "f" },
        from expression in Expressions
        from name in Names
        select (TableElement)new CheckDefinition(expression) { ConstraintName = name });

    private static readonly Gen<OptionClause> Options = from text in Texts
                                                        from shape in Gen.Choose(0, 4)
                                                        select shape switch
                                                        {
                                                            0 => new OptionClause("COMMENT", text, OptionValueKind.Text),
                                                            1 => new OptionClause("ENGINE", "InnoDB", OptionValueKind.Word),
                                                            2 => new OptionClause("AUTO_INCREMENT", "5", OptionValueKind.Number),
                                                            3 => new OptionClause("CHARACTER SET", "utf8mb4", OptionValueKind.Word),
                                                            _ => new OptionClause("DATA DIRECTORY", text, OptionValueKind.Text),
                                                        };

    private static readonly Gen<NodeList<PartitionDefinition>> PartitionLists = Some(from name in Names
                                                                                     from expression in Expressions
                                                                                     from bound in Gen.Elements(PartitionBound.None, PartitionBound.LessThan, PartitionBound.In, PartitionBound.MaxValue)
                                                                                     from options in Some(Options.Where(o => o.Name is "COMMENT" or "ENGINE"))
                                                                                     select new PartitionDefinition(name)
                                                                                     {
                                                                                         Bound = bound,
                                                                                         Values = bound is PartitionBound.LessThan or PartitionBound.In ? expression : null,
                                                                                         Options = options,
                                                                                     });

    private static readonly Gen<AlterSpecification> Specifications = Gen.OneOf(
        from column in Columns
        from after in Names
        from shape in Gen.Choose(0, 3)
        let position = new ColumnPosition(shape == 1, shape == 2 ? after : null)
        select shape switch
        {
            0 => (AlterSpecification)new ModifyColumn(column, position),
            1 => new ChangeColumn(after, column, position),
            _ => new AddColumn(column, position),
        },
        Some(Elements).Select(e => (AlterSpecification)new AddColumns(e)),
        Keys.Select(k => (AlterSpecification)new AddKey(k)),
        Objects.Select(o => (AlterSpecification)new RenameTo(o)),
        Options.Where(o => o.Name != "DATA DIRECTORY").Select(o => (AlterSpecification)new SetTableOption(o)),
        PartitionLists.Select(p => (AlterSpecification)new AddPartition { Partitions = p }),
        Names.Two().SelectMany(n => Gen.Elements<AlterSpecification>(
            new DropColumn(n.Item1), new DropKey(n.Item1), new DropForeignKey(n.Item1), new DropPrimaryKey(), new RenameColumn(n.Item1, n.Item2), new RenameKey(n.Item1, n.Item2),
            new DropColumnDefault(n.Item1), new SetColumnVisibility(n.Item1, IsVisible: false), new SetKeyVisibility(n.Item1, IsVisible: true), new DropConstraint(n.Item1), new Force(),
            new ConvertToCharset("latin1", null), new AlgorithmClause("INPLACE"), new TruncatePartition([]))));

    private static readonly Gen<SqlStatement> Statements = Gen.OneOf(
        from name in Objects
        from elements in Some(Elements)
        from options in Some(Options)
        from partitions in PartitionLists
        from flag in Bools
        select (SqlStatement)new CreateTable(name)
        {
            Elements = elements,
            Options = options,
            IfNotExists = flag,
            Temporary = !flag,
            Partitioning = flag ? new Partitioning(new PartitionRule(PartitionMethod.Range) { Expression = new SqlExpression("a + 1") }) { Partitions = partitions } : null,
        },
        from name in Objects
        from specifications in Some(Specifications)
        select (SqlStatement)new AlterTable(name) { Specifications = specifications },
        Objects.SelectMany(_ => NameLists, (name, partitions) => (SqlStatement)new AlterTable(name) { Specifications = [new DropPartition(partitions)] }),
        Objects.Two().Select(n => (SqlStatement)new RenameTable([new ObjectRename(n.Item1, n.Item2), new ObjectRename(n.Item2, n.Item1)])),
        Some(Objects).Select(n => (SqlStatement)new DropTable(n) { IfExists = true }),
        from key in Keys.Where(k => k.Type != KeyType.Primary)
        from table in Objects
        select (SqlStatement)new CreateIndex(table, key with { ConstraintName = null }));

    [Theory]
    [InlineData(SqlMode.None)]
    [InlineData(SqlMode.AnsiQuotes)]
    [InlineData(SqlMode.NoBackslashEscapes)]
    public void Printed_statements_are_read_as_they_were(SqlMode mode)
    {
        var dialect = SqlDialect.MySql with { Mode = mode };
        Prop.ForAll(Statements.ToArbitrary(), statement =>
        {
            var printed = DdlPrinter.Print(statement, dialect);
            var read = DdlParser.Read(printed, dialect);
            return read.Equals(statement).Label($"{Encoding.UTF8.GetString(printed)}\n{(read as UnknownStatement)?.Error}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    private static Gen<NodeList<T>> Some<T>(Gen<T> items) => from count in Gen.Choose(1, 4)
                                                             from list in items.ListOf(count)
                                                             select NodeList.Create<T>([.. list]);
}
