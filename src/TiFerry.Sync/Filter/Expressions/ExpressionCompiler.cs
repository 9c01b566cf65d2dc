using System.Buffers.Binary;
using System.Text;
using TiFerry.Schema.Charsets;
using TiFerry.Schema.Expressions;
using TiFerry.Schema.Lexing;
using TiFerry.Schema.Tables;

namespace TiFerry.Sync.Filter.Expressions;

/// <summary>
/// Binds an expression to a table's columns and decides, as the servers do before they see a row, in which type each part is computed. Whatever the servers do in
/// different ways, or what can't be computed exactly as they do, is refused here.
/// </summary>
internal sealed partial class ExpressionCompiler
{
    private readonly Table _table;
    private readonly RowCells _cells;
    private readonly SqlDialect _dialect;
    private readonly TimeZoneInfo _zone;
    private readonly TextCollation _connection;
    private readonly TextCollation _binary;

    public ExpressionCompiler(Table table, RowCells cells, ExpressionOptions options)
    {
        _table = table;
        _cells = cells;
        _dialect = options.Source;
        _zone = options.TimeZone ?? TimeZoneInfo.Utc;
        _binary = TextCollation.Find("binary", _dialect.Flavour)!;
        var collation = Collations.DefaultOf("utf8mb4", _dialect);
        _connection = (collation is null ? null : TextCollation.Find(collation, _dialect.Flavour)) ?? TextCollation.Find("utf8mb4_bin", _dialect.Flavour)!;
    }

    private bool IsMariaDb => _dialect.Flavour == MySql.ServerFlavour.MariaDb;

    private bool IsOlderMySql => !IsMariaDb && _dialect.Version < 80000;

    private bool IsNewerMySql => !IsMariaDb && _dialect.Version >= 80000;

    /// <summary>Compiles one expression.</summary>
    /// <exception cref="ExpressionException">It cannot be evaluated.</exception>
    public Node Compile(Expression expression) => expression switch
    {
        NullLiteral => new Constant(Value.Null, ValueType.Null, expression.Position) { IsNullLiteral = true },
        NumberLiteral number => CompileNumber(number),
        TextLiteral text => CompileText(text),
        BinaryLiteral binary => new Constant(Value.OfText(binary.Value), ValueType.Text(_binary, Coercibility.Coercible), binary.Position) { IsBinaryLiteral = true },
        TemporalLiteral temporal => CompileTemporal(temporal),
        ColumnReference column => CompileColumn(column),
        UnaryExpression unary => CompileUnary(unary),
        BinaryExpression binary => CompileBinary(binary),
        IsExpression test => CompileIs(test),
        InExpression list => CompileIn(list),
        BetweenExpression between => CompileBetween(between),
        LikeExpression like => CompileLike(like),
        RegexpExpression => throw new ExpressionException(expression.Position, "REGEXP is not supported: the servers have three different engines for it", "use LIKE, LOCATE or SUBSTRING"),
        CaseExpression branches => CompileCase(branches),
        CallExpression call => CompileCall(call),
        TrimExpression trim => CompileTrim(trim),
        CastExpression cast => CompileCast(cast),
        CollateExpression collate => CompileCollate(collate),
        IntervalExpression interval => CompileInterval(interval),
        _ => throw new ExpressionException(expression.Position, "it is not supported"),
    };

    private static Constant CompileNumber(NumberLiteral number)
    {
        var text = Encoding.ASCII.GetBytes(number.Text);
        if (number.IsFloat)
            return new Constant(Value.OfDouble(TextNumber.ToDouble(text)), ValueType.Double, number.Position);
        if (text.Length > 66)
            throw new ExpressionException(number.Position, "a number has at most 65 digits");
        var value = ExactNumber.Parse(text);
        if (value.Scale > 30)
            throw new ExpressionException(number.Position, "a number has at most 30 digits behind the point");
        if (number.Text.Contains('.', StringComparison.Ordinal) || !value.IsWithin(0, ulong.MaxValue))
            return new Constant(Value.OfDecimal(value), ValueType.Decimal(value.Scale), number.Position);
        return new Constant(Value.OfInteger(value.Integer), value.Integer > long.MaxValue ? ValueType.Unsigned : ValueType.Integer, number.Position);
    }

    private Constant CompileText(TextLiteral text)
    {
        var collation = _connection;
        if (text.Introducer is { } charset && charset != "utf8mb4")
        {
            collation = charset == "binary" ? _binary : Collations.DefaultOf(charset, _dialect) is { } name ? TextCollation.Find(name, _dialect.Flavour) : null;
            if (collation is null || (charset != "binary" && !Ascii.IsValid(text.Value)))
                throw new ExpressionException(text.Position, $"a string in character set {charset} can't be compared here", "write it without the character set in front");
        }

        return new Constant(Value.OfText(text.Value), ValueType.Text(collation, Coercibility.Coercible), text.Position);
    }

    private Constant CompileTemporal(TemporalLiteral temporal)
    {
        var text = Encoding.UTF8.GetString(temporal.Value);
        var scale = FractionOf(text);
        if (temporal.Type == "TIME")
        {
            return Temporal.ParseTime(text) is { } time
                ? new Constant(Value.OfTemporal(ValueKind.Time, time), new ValueType(ValueKind.Time) { Scale = scale }, temporal.Position)
                : throw new ExpressionException(temporal.Position, $"'{text}' is not a time", "write it as 'hh:mm:ss'");
        }

        if (Temporal.ParseDate(text, _zone, out var hasTime) is not { } date || (temporal.Type == "DATE" && hasTime))
            throw NotADate(temporal.Position, text);
        var kind = temporal.Type == "DATE" ? ValueKind.Date : ValueKind.DateTime;
        return new Constant(Value.OfTemporal(kind, date.Packed), new ValueType(kind) { Scale = scale }, temporal.Position);
    }

    private static ExpressionException NotADate(int position, string text) =>
        new(position, $"'{text}' is not a date that all servers read alike", "write it as 'YYYY-MM-DD' or 'YYYY-MM-DD hh:mm:ss'");

    private static int FractionOf(string text)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        if (point < 0)
            return 0;
        var digits = 0;
        while (point + 1 + digits < text.Length && char.IsAsciiDigit(text[point + 1 + digits]))
            digits++;
        return digits;
    }

    private ColumnNode CompileColumn(ColumnReference reference)
    {
        if ((reference.Table is { } table && !Same(table, _table.Name.Name)) || (reference.Schema is { } schema && !Same(schema, _table.Name.Schema)))
            throw new ExpressionException(reference.Position, $"the table of column {TableName.Quote(reference.Name)} is not {_table.Name}", "leave the table's name out");
        var column = _table.Columns.FirstOrDefault(c => Same(c.Name, reference.Name))
            ?? throw new ExpressionException(reference.Position, $"table {_table.Name} has no column {TableName.Quote(reference.Name)}", $"it has {string.Join(", ", _table.Columns.Select(c => TableName.Quote(c.Name)))}");
        if (column.IsVirtual)
            throw new ExpressionException(reference.Position, $"column {TableName.Quote(column.Name)} is virtual and has no value in the binlog", "write the expression that generates it");
        var (type, reading) = TypeOf(column, reference.Position);
        var node = new ColumnNode(type, reference.Position, column, _cells.SlotOf(column.Ordinal), reading);
        _cells.Add(node);
        return node;
    }

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private (ValueType Type, ColumnReading Reading) TypeOf(Column column, int position)
    {
        var isFilled = column.ColumnType.Contains("zerofill", StringComparison.OrdinalIgnoreCase);
        switch (column.Kind)
        {
            case ColumnKind.Integer:
                return (new ValueType(ValueKind.Integer) { IsUnsigned = column.IsUnsigned || isFilled, HasOwnText = isFilled }, ColumnReading.Integer);
            case ColumnKind.Bit or ColumnKind.Year:
                return (ValueType.Unsigned with { HasOwnText = true }, ColumnReading.Integer);
            case ColumnKind.Decimal:
                var (precision, scale) = DigitsOf(column.ColumnType);
                return (ValueType.Decimal(scale) with { Precision = precision, HasOwnText = isFilled }, ColumnReading.Decimal);
            case ColumnKind.Float or ColumnKind.Double when !column.HasDisplayScale:
                return (ValueType.Double with { HasOwnText = column.Kind == ColumnKind.Float }, ColumnReading.Double);
            case ColumnKind.Temporal:
                return TemporalTypeOf(column.ColumnType);
            case ColumnKind.Enum or ColumnKind.Set:
                return (ValueType.Text(CollationOf(column, position), Coercibility.Implicit), column.Kind == ColumnKind.Enum ? ColumnReading.Enum : ColumnReading.Set);
            case ColumnKind.Text:
                return CollationIfKnown(column) is { } collation
                    ? (ValueType.Text(collation, Coercibility.Implicit), collation.Charset == "latin1" ? ColumnReading.Latin1 : ColumnReading.Bytes)
                    : (ValueType.Null, ColumnReading.Opaque);
            case ColumnKind.Binary or ColumnKind.FixedBinary:
                return (ValueType.Text(_binary, Coercibility.Implicit), column.Kind == ColumnKind.Binary ? ColumnReading.Bytes : ColumnReading.FixedBytes);
            default:
                return (ValueType.Null, ColumnReading.Opaque);
        }
    }

    private static (ValueType Type, ColumnReading Reading) TemporalTypeOf(string columnType)
    {
        var scale = DigitsOf(columnType).First;
        return columnType.ToUpperInvariant() switch
        {
            var t when t.StartsWith("DATETIME", StringComparison.Ordinal) => (new ValueType(ValueKind.DateTime) { Scale = scale }, ColumnReading.DateTime),
            var t when t.StartsWith("DATE", StringComparison.Ordinal) => (new ValueType(ValueKind.Date), ColumnReading.Date),
            var t when t.StartsWith("TIMESTAMP", StringComparison.Ordinal) => (new ValueType(ValueKind.DateTime) { Scale = scale }, ColumnReading.Timestamp),
            _ => (new ValueType(ValueKind.Time) { Scale = scale }, ColumnReading.Time),
        };
    }

    /// <summary>The numbers in parentheses behind a type; 0 where there are none.</summary>
    private static (int First, int Second) DigitsOf(string columnType)
    {
        var open = columnType.IndexOf('(', StringComparison.Ordinal);
        if (open < 0)
            return (0, 0);
        var numbers = columnType[(open + 1)..columnType.IndexOf(')', open)].Split(',');
        return (int.Parse(numbers[0]), numbers.Length > 1 ? int.Parse(numbers[1]) : 0);
    }

    private TextCollation? CollationIfKnown(Column column) => column.Collation is { } name ? TextCollation.Find(name, _dialect.Flavour) : null;

    private TextCollation CollationOf(Column column, int position) => CollationIfKnown(column) ?? throw UnknownCollation(position, column);

    private static ExpressionException UnknownCollation(int position, Column column) =>
        new(position, $"column {TableName.Quote(column.Name)} has collation {column.Collation}, whose comparisons are not known exactly", "only IS NULL can be asked of it");

    /// <summary>A value that is used for more than IS NULL.</summary>
    private static Node Usable(Node node)
    {
        if (node is not ColumnNode { Reading: ColumnReading.Opaque } column)
            return node;
        if (column.Column.Kind == ColumnKind.Text)
            throw UnknownCollation(node.Position, column.Column);
        throw new ExpressionException(node.Position, $"column {TableName.Quote(column.Column.Name)} is {column.Column.ColumnType}, whose values can't be computed with here", "only IS NULL can be asked of it");
    }

    private Node CompileUsable(Expression expression) => Usable(Compile(expression));

    private Node CompileCollate(CollateExpression collate)
    {
        var operand = AsText(CompileUsable(collate.Operand));
        var collation = TextCollation.Find(collate.Collation, _dialect.Flavour)
            ?? throw new ExpressionException(collate.Position, $"collation {collate.Collation} is not one whose comparisons are known exactly");
        var current = operand.Type.Collation;
        if (current is not null && current.Charset != collation.Charset && operand is not Constant)
            throw new ExpressionException(collate.Position, $"collation {collation.Name} does not belong to character set {current.Charset}");
        var type = ValueType.Text(collation, Coercibility.Explicit);
        return operand is Constant constant
            ? new Constant(constant.Value, type, constant.Position)
            : new Computed(type, collate.Position, [operand], static (Node[] a, scoped ref readonly Row row) => a[0].Evaluate(in row));
    }

    private Node CompileUnary(UnaryExpression unary)
    {
        var operand = CompileUsable(unary.Operand);
        if (unary.Operator == UnaryOperator.Not)
        {
            RefuseLiterals(operand);
            if (!IsMariaDb && unary.Operand is UnaryExpression { Operator: UnaryOperator.Not } twice && Compile(twice.Operand) is not Condition)
                throw new ExpressionException(unary.Position, "MySQL takes NOT NOT away from a number", "compare it with 0");
        }

        return unary.Operator switch
        {
            UnaryOperator.Not => Folding.Fold(new NotCondition(operand, unary.Position), operand),
            UnaryOperator.Negate => Negate(operand, unary.Position),
            UnaryOperator.Invert => Folding.Make(ValueType.Unsigned, unary.Position, [AsBits(operand)], static (Node[] a, scoped ref readonly Row row) =>
                a[0].Evaluate(in row) is { IsNull: false } v ? Value.OfInteger(~Bits(v)) : Value.Null),
            _ => ToBytes(operand, unary.Position),
        };
    }

    private Node ToBytes(Node operand, int position)
    {
        if (operand is ColumnNode column && operand.Type.Kind == ValueKind.Text)
            return column.AsBytes(_binary);
        if (operand is Computed { Type.Kind: ValueKind.Text } or Constant { IsComputed: true, Type.Kind: ValueKind.Text })
            throw new ExpressionException(position, "the bytes of a computed text are not supported", "use BINARY on the column itself");
        var text = AsText(operand);
        return Folding.Make(ValueType.Text(_binary, Coercibility.Implicit), position, [text], static (Node[] a, scoped ref readonly Row row) => a[0].Evaluate(in row));
    }

    private Node CompileBinary(BinaryExpression binary)
    {
        var left = CompileUsable(binary.Left);
        var right = CompileUsable(binary.Right);
        if (binary.Operator is BinaryOperator.Or or BinaryOperator.And or BinaryOperator.Xor)
            RefuseLiterals(left, right);
        switch (binary.Operator)
        {
            case BinaryOperator.Xor when IsOlderMySql:
                throw new ExpressionException(binary.Position, "before MySQL 8.0 XOR cuts its operands to integers", "use AND, OR and NOT");
            case BinaryOperator.Or or BinaryOperator.And or BinaryOperator.Xor:
                return Folding.Fold(new LogicCondition(binary.Operator, left, right, binary.Position), left, right);
            case BinaryOperator.BitOr or BinaryOperator.BitAnd or BinaryOperator.BitXor or BinaryOperator.ShiftLeft or BinaryOperator.ShiftRight:
                return CompileBits(binary, AsBits(left), AsBits(right));
            case >= BinaryOperator.Add:
                return Arithmetic(binary.Operator, left, right, binary.Position);
            default:
                return Compare(binary.Operator, left, right, binary.Position);
        }
    }

    private Node CompileIs(IsExpression test)
    {
        var operand = Compile(test.Operand);
        RefuseLiterals(operand);
        if (test.Test != TruthTest.Null)
            Usable(operand);
        else if (IsOlderMySql && operand is Condition or Constant { IsComputed: true })
            throw new ExpressionException(test.Position, "before MySQL 8.0 a condition with <=> can be taken for NULL", "ask of the columns whether they are NULL");
        return Folding.Fold(new IsCondition(operand, test.Test, test.IsNegated, test.Position), operand);
    }

    private Node CompileIn(InExpression list)
    {
        var operand = CompileUsable(list.Operand);
        var elements = list.List.Select(CompileUsable).ToArray();
        RefuseMoreDigits([operand, .. elements]);
        RefuseMixedTypes(list.Position, operand, elements);
        Node? any = null;
        foreach (var element in elements)
        {
            var equal = Compare(BinaryOperator.Equal, operand, element, list.Position);
            any = any is null ? equal : new LogicCondition(BinaryOperator.Or, any, equal, list.Position);
        }

        return list.IsNegated ? new NotCondition(any!, list.Position) : any!;
    }

    private Node CompileBetween(BetweenExpression between)
    {
        var operand = CompileUsable(between.Operand);
        var low = CompileUsable(between.Low);
        var high = CompileUsable(between.High);
        RefuseMoreDigits(operand, low, high);
        RefuseMixedTypes(between.Position, operand, [low, high]);
        if (operand.Type.IsTemporal && (low.Type.Kind == ValueKind.Null || high.Type.Kind == ValueKind.Null))
            throw new ExpressionException(between.Position, "the servers don't agree on dates between NULL and a date", "write two comparisons joined by AND");
        // The servers compare all three in one type.
        if (operand.Type.IsNumber && low.Type.IsNumber && high.Type.IsNumber && !IsYear(operand) && !IsYear(low) && !IsYear(high) && (operand.Type.Kind == ValueKind.Double || low.Type.Kind == ValueKind.Double || high.Type.Kind == ValueKind.Double))
            (operand, low, high) = (AsDouble(operand), AsDouble(low), AsDouble(high));
        else if (low.Type.Kind != high.Type.Kind && !(low.Type.IsExact && high.Type.IsExact) && low.Type.Kind != ValueKind.Null && high.Type.Kind != ValueKind.Null && !(low.Type.IsTemporal && high.Type.IsTemporal))
            throw new ExpressionException(between.Position, $"BETWEEN with {low.Type} and {high.Type} is not supported", "write it as two comparisons joined by AND");
        var inside = new LogicCondition(BinaryOperator.And,
            Compare(BinaryOperator.GreaterOrEqual, operand, low, between.Position), Compare(BinaryOperator.LessOrEqual, operand, high, between.Position), between.Position);
        return between.IsNegated ? new NotCondition(inside, between.Position) : inside;
    }

    /// <summary>IN, BETWEEN and CASE decide on one type and one collation for all their values, each server in its own way: here they have to be the same for every pair.</summary>
    private void RefuseMixedTypes(int position, Node operand, Node[] others)
    {
        Node[] all = [operand, .. others];
        if (Array.TrueForAll(all, n => n is Constant))
            throw new ExpressionException(position, "constants are not compared alike by all servers here", "write the result");
        if (!IsMariaDb)
            RefuseMixedSigns(position, all);
        if (IsOlderMySql && Array.Exists(all, CanBeHuge))
            throw new ExpressionException(position, "before MySQL 8.0 integers above 9223372036854775807 are taken for negative ones here", "write comparisons with =, < and > instead");
        if (Array.Exists(others, n => n.Type.Kind == ValueKind.Text) && Array.Exists(others, n => n.Type.IsNumber))
            throw new ExpressionException(position, "texts and numbers together are not compared alike by all servers here", "write comparisons with =, < and > instead");
        if (Array.Exists(all, n => n.Type.IsTemporal))
        {
            RequireDates(operand, others);
            if (IsOlderMySql && Array.Exists(all, n => n.Type.Kind == ValueKind.Null))
                throw new ExpressionException(position, "before MySQL 8.0 dates among NULL are not compared one by one", "leave NULL out");
        }

        if (IsOlderMySql && all.Where(n => n.Type.IsNumber).Select(n => n.Type.Kind).Distinct().Count() > 1)
            throw new ExpressionException(position, "before MySQL 8.0 numbers of different types are not compared by value here", "write comparisons with =, < and > instead");
        if (Array.Exists(all, n => n.Type.Kind == ValueKind.Double) && Array.Exists(all, n => n.Type.IsExact && !(n is Constant { IsNull: false } constant && constant.Value.Number.IsWithin(-999_999_999_999_999, 999_999_999_999_999))))
            throw new ExpressionException(position, "exact numbers and floating-point numbers are not compared alike by all servers here", "write comparisons with =, < and > instead");
        if (!Array.TrueForAll(all, n => n.Type.Kind is ValueKind.Text or ValueKind.Null))
            return;
        var collation = Agree(position, all).Collation;
        foreach (var other in others)
        {
            if (operand.Type.Collation is not null && other.Type.Collation is not null && Agree(position, operand, other).Collation?.Name != collation?.Name)
                throw new ExpressionException(position, "texts of different collations are not compared alike by all servers here", "write comparisons with =, < and > instead");
        }
    }

    // Dates among dates: what NULL, numbers and text do there differs from comparisons.
    private static void RequireDates(Node operand, Node[] others)
    {
        if (!operand.Type.IsTemporal || operand is Constant)
            throw new ExpressionException(operand.Position, "only a column or a computed date is compared with several dates", "write comparisons with =, < and > instead");
        foreach (var other in others)
        {
            if (other is not Constant { Type.Kind: ValueKind.Null or ValueKind.Text } && other.Type != operand.Type)
                throw new ExpressionException(other.Position, "the servers don't compare several dates and times of different types alike", "write comparisons with =, < and > instead");
        }
    }

    private static bool CanBeHuge(Node node) => node.Type.IsUnsigned && node switch
    {
        Constant { IsNull: false } constant => !constant.Value.Number.IsWithin(0, long.MaxValue),
        ColumnNode column => column.Column.ColumnType.StartsWith("bigint", StringComparison.OrdinalIgnoreCase) || column.Column.ColumnType.StartsWith("bit(6", StringComparison.OrdinalIgnoreCase),
        _ => true,
    };

    /// <summary>Refuses literals that one server takes for text and the other for a number, where no other side tells which is meant.</summary>
    private static void RefuseLiterals(params ReadOnlySpan<Node> nodes)
    {
        foreach (var node in nodes)
        {
            if (node is Constant { IsBinaryLiteral: true })
                throw new ExpressionException(node.Position, "a hexadecimal or bit literal is text on some servers and a number on others here", "write a number or a text in quotes");
            RefuseChosen(node);
            if (node is Constant { IsMovedDate: true })
                throw new ExpressionException(node.Position, "a date in quotes that is moved by an interval can only be compared with a date", "write DATE'...' or TIMESTAMP'...'");
        }
    }

    // IN and CASE on MySQL, and before MySQL 8.0 BETWEEN, take -1 and 18446744073709551615 for the same.
    private static void RefuseMixedSigns(int position, params ReadOnlySpan<Node> numbers)
    {
        var signed = false;
        var unsigned = false;
        foreach (var number in numbers)
        {
            var isCommon = number is Constant { IsNull: false } constant && constant.Type is { Kind: ValueKind.Integer, IsUnsigned: false } && constant.Value.Number.Sign >= 0;
            signed |= number.Type.Kind == ValueKind.Integer && !number.Type.IsUnsigned && !isCommon;
            unsigned |= number.Type.IsUnsigned;
        }

        if (signed && unsigned)
            throw new ExpressionException(position, "MySQL does not compare signed and unsigned integers by value here", "write comparisons with =, < and > instead");
    }

    private Node CompileLike(LikeExpression like)
    {
        var text = AsText(CompileUsable(like.Operand));
        var pattern = AsText(CompileUsable(like.Pattern));
        var escape = _dialect.Mode.HasFlag(SqlMode.NoBackslashEscapes) ? -1 : '\\';
        if (like.Escape is not null)
        {
            if (CompileUsable(like.Escape) is not Constant { Type.Kind: ValueKind.Text } constant || _connection.CharacterCount(constant.Value.Text) > 1)
                throw new ExpressionException(like.Escape.Position, "ESCAPE takes one character in quotes");
            escape = constant.Value.Text.IsEmpty ? -1 : _connection.Decode(constant.Value.Text, out _);
        }

        var collation = Agree(like.Position, text, pattern).Collation ?? _binary;
        Node condition = new LikeCondition(collation, text, pattern, escape, like.Position);
        return Folding.Fold(like.IsNegated ? new NotCondition(condition, like.Position) : condition, text, pattern);
    }

    private Node CompileBits(BinaryExpression binary, Node left, Node right)
    {
        // Before MySQL 8.0, and on MariaDB, only 32 bits of the distance count.
        var mask = IsNewerMySql ? ulong.MaxValue : uint.MaxValue;
        Evaluation evaluate = binary.Operator switch
        {
            BinaryOperator.BitOr => static (Node[] a, scoped ref readonly Row row) => Both(a, in row, out var l, out var r) ? Value.OfInteger(l | r) : Value.Null,
            BinaryOperator.BitAnd => static (Node[] a, scoped ref readonly Row row) => Both(a, in row, out var l, out var r) ? Value.OfInteger(l & r) : Value.Null,
            BinaryOperator.BitXor => static (Node[] a, scoped ref readonly Row row) => Both(a, in row, out var l, out var r) ? Value.OfInteger(l ^ r) : Value.Null,
            BinaryOperator.ShiftLeft => (Node[] a, scoped ref readonly Row row) => Both(a, in row, out var l, out var r) ? Value.OfInteger((r & mask) < 64 ? l << (int)r : 0) : Value.Null,
            _ => (Node[] a, scoped ref readonly Row row) => Both(a, in row, out var l, out var r) ? Value.OfInteger((r & mask) < 64 ? l >> (int)r : 0) : Value.Null,
        };
        return Folding.Make(ValueType.Unsigned, binary.Position, [left, right], evaluate);
    }

    private static bool Both(Node[] arguments, scoped ref readonly Row row, out ulong left, out ulong right)
    {
        left = right = 0;
        var first = arguments[0].Evaluate(in row);
        if (first.IsNull)
            return false;
        left = Bits(first);
        var second = arguments[1].Evaluate(in row);
        if (second.IsNull)
            return false;
        right = Bits(second);
        return true;
    }

    private static ulong Bits(Value value) => unchecked((ulong)(UInt128)value.Number.Integer);

    private Node AsBits(Node node)
    {
        node = AsNumber(node);
        return node.Type.Kind is ValueKind.Integer or ValueKind.Null
            ? node
            : throw new ExpressionException(node.Position, $"bits of {node.Type} are not supported", "use CAST(... AS SIGNED)");
    }

    /// <summary>The number that the bytes of a hexadecimal or bit literal make.</summary>
    private static Constant ToInteger(Constant literal)
    {
        var bytes = literal.Value.Text.TrimStart((byte)0);
        if (bytes.Length > 8)
            throw new ExpressionException(literal.Position, "a hexadecimal or bit literal with more than 64 bits is no number");
        Span<byte> word = stackalloc byte[8];
        word.Clear();
        bytes.CopyTo(word[(8 - bytes.Length)..]);
        return new Constant(Value.OfInteger(BinaryPrimitives.ReadUInt64BigEndian(word)), ValueType.Unsigned, literal.Position);
    }
}
