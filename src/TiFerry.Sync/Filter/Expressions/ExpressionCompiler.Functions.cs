using System.Collections.Frozen;
using TiFerry.Schema.Expressions;

namespace TiFerry.Sync.Filter.Expressions;

/// <content>The functions by name, and those of numbers (MySQL manual, "Built-In Function and Operator Reference").</content>
internal sealed partial class ExpressionCompiler
{
    private const int Any = int.MaxValue;

    private static readonly FrozenDictionary<string, Function> Functions = new Dictionary<string, Function>(StringComparer.Ordinal)
    {
        ["IF"] = new(3, 3, static (c, p, a) => c.Choose(p, [a[0]], [a[1], a[2]])),
        ["IFNULL"] = new(2, 2, static (c, p, a) => c.Coalesce(p, a)),
        ["COALESCE"] = new(1, Any, static (c, p, a) => c.Coalesce(p, a)),
        ["NULLIF"] = new(2, 2, static (c, p, a) => c.NullIf(p, a)),
        ["GREATEST"] = new(2, Any, static (c, p, a) => c.Extreme(p, a, BinaryOperator.Greater)),
        ["LEAST"] = new(2, Any, static (c, p, a) => c.Extreme(p, a, BinaryOperator.Less)),

        ["ABS"] = new(1, 1, static (_, p, a) => Abs(p, a[0])),
        ["SIGN"] = new(1, 1, static (_, p, a) => Sign(p, a[0])),
        ["FLOOR"] = new(1, 1, static (c, p, a) => c.Whole(p, a[0], static n => n.Floor(), Math.Floor)),
        ["CEIL"] = new(1, 1, static (c, p, a) => c.Whole(p, a[0], static n => n.Ceiling(), Math.Ceiling)),
        ["CEILING"] = new(1, 1, static (c, p, a) => c.Whole(p, a[0], static n => n.Ceiling(), Math.Ceiling)),
        ["ROUND"] = new(1, 2, static (c, p, a) => c.Round(p, a, isCut: false)),
        ["TRUNCATE"] = new(2, 2, static (c, p, a) => c.Round(p, a, isCut: true)),
        ["MOD"] = new(2, 2, static (c, p, a) => c.Arithmetic(BinaryOperator.Modulo, a[0], a[1], p)),
        ["POW"] = new(2, 2, static (c, p, a) => c.Power(p, a)),
        ["POWER"] = new(2, 2, static (c, p, a) => c.Power(p, a)),
        ["SQRT"] = new(1, 1, static (c, p, a) => c.SquareRoot(p, a[0])),

        ["LOWER"] = new(1, 1, static (c, p, a) => c.ChangeCase(p, a[0], isUpper: false)),
        ["LCASE"] = new(1, 1, static (c, p, a) => c.ChangeCase(p, a[0], isUpper: false)),
        ["UPPER"] = new(1, 1, static (c, p, a) => c.ChangeCase(p, a[0], isUpper: true)),
        ["UCASE"] = new(1, 1, static (c, p, a) => c.ChangeCase(p, a[0], isUpper: true)),
        ["LENGTH"] = new(1, 1, static (c, p, a) => c.ByteLength(p, a[0])),
        ["OCTET_LENGTH"] = new(1, 1, static (c, p, a) => c.ByteLength(p, a[0])),
        ["CHAR_LENGTH"] = new(1, 1, static (c, p, a) => c.CharacterLength(p, a[0])),
        ["CHARACTER_LENGTH"] = new(1, 1, static (c, p, a) => c.CharacterLength(p, a[0])),
        ["CONCAT"] = new(1, Any, static (c, p, a) => c.Concat(p, a)),
        ["CONCAT_WS"] = new(2, Any, static (c, p, a) => c.ConcatWithSeparator(p, a)),
        ["SUBSTRING"] = new(2, 3, static (c, p, a) => c.Substring(p, a)),
        ["LEFT"] = new(2, 2, static (c, p, a) => c.Side(p, a, isRight: false)),
        ["RIGHT"] = new(2, 2, static (c, p, a) => c.Side(p, a, isRight: true)),
        ["LTRIM"] = new(1, 1, static (c, p, a) => c.Trim(p, TrimSides.Leading, null, a[0])),
        ["RTRIM"] = new(1, 1, static (c, p, a) => c.Trim(p, TrimSides.Trailing, null, a[0])),
        ["REPLACE"] = new(3, 3, static (c, p, a) => c.Replace(p, a)),
        ["REVERSE"] = new(1, 1, static (c, p, a) => c.Reverse(p, a[0])),
        ["LPAD"] = new(3, 3, static (c, p, a) => c.Pad(p, a, isLeft: true)),
        ["RPAD"] = new(3, 3, static (c, p, a) => c.Pad(p, a, isLeft: false)),
        ["INSTR"] = new(2, 2, static (c, p, a) => c.Locate(p, a[1], a[0], null)),
        ["LOCATE"] = new(2, 3, static (c, p, a) => c.Locate(p, a[0], a[1], a.Length > 2 ? a[2] : null)),
        ["STRCMP"] = new(2, 2, static (c, p, a) => c.CompareTexts(p, a)),
        ["FIELD"] = new(2, Any, static (_, p, a) => Field(p, a)),
        ["FIND_IN_SET"] = new(2, 2, static (c, p, a) => c.FindInSet(p, a)),
        ["HEX"] = new(1, 1, static (c, p, a) => c.Hex(p, a[0])),
        ["MD5"] = new(1, 1, static (c, p, a) => c.Md5(p, a[0])),
        ["CRC32"] = new(1, 1, static (c, p, a) => c.Checksum(p, a[0])),
        ["ASCII"] = new(1, 1, static (c, p, a) => c.FirstByte(p, a[0])),

        ["YEAR"] = new(1, 1, static (c, p, a) => c.DatePart(p, a[0], static t => t.Year)),
        ["QUARTER"] = new(1, 1, static (c, p, a) => c.DatePart(p, a[0], static t => (t.Month + 2) / 3)),
        ["MONTH"] = new(1, 1, static (c, p, a) => c.DatePart(p, a[0], static t => t.Month)),
        ["DAY"] = new(1, 1, static (c, p, a) => c.DatePart(p, a[0], static t => t.Day)),
        ["DAYOFMONTH"] = new(1, 1, static (c, p, a) => c.DatePart(p, a[0], static t => t.Day)),
        ["DAYOFWEEK"] = new(1, 1, static (c, p, a) => c.DayPart(p, a[0], static t => ((t.DayNumber + 6) % 7) + 1)),
        ["WEEKDAY"] = new(1, 1, static (c, p, a) => c.DayPart(p, a[0], static t => (t.DayNumber + 5) % 7)),
        ["DAYOFYEAR"] = new(1, 1, static (c, p, a) => c.DayPart(p, a[0], static t => t.DayNumber - new Temporal(t.Year, 1, 1, 0, 0, 0, 0).DayNumber + 1)),
        ["TO_DAYS"] = new(1, 1, static (c, p, a) => c.DayPart(p, a[0], static t => t.DayNumber)),
        ["HOUR"] = new(1, 1, static (c, p, a) => c.TimePart(p, a[0], static t => t / 3_600_000_000)),
        ["MINUTE"] = new(1, 1, static (c, p, a) => c.TimePart(p, a[0], static t => t / 60_000_000 % 60)),
        ["SECOND"] = new(1, 1, static (c, p, a) => c.TimePart(p, a[0], static t => t / 1_000_000 % 60)),
        ["MICROSECOND"] = new(1, 1, static (c, p, a) => c.TimePart(p, a[0], static t => t % 1_000_000)),
        ["DATE"] = new(1, 1, static (c, p, a) => c.ToDate(p, a[0])),
        ["TIME"] = new(1, 1, static (c, p, a) => c.ToTime(p, a[0])),
        ["DATEDIFF"] = new(2, 2, static (c, p, a) => c.DateDifference(p, a)),
        ["LAST_DAY"] = new(1, 1, static (c, p, a) => c.LastDay(p, a[0])),
        ["DATE_FORMAT"] = new(2, 2, static (c, p, a) => c.DateFormat(p, a)),
        ["UNIX_TIMESTAMP"] = new(1, 1, static (c, p, a) => c.UnixTimestamp(p, a[0])),
        ["FROM_UNIXTIME"] = new(1, 1, static (c, p, a) => c.FromUnixTime(p, a[0])),
        ["TIMESTAMPDIFF_DAY"] = new(2, 2, static (c, p, a) => c.TimestampDifference(p, a, Temporal.MicrosecondsPerDay)),
        ["TIMESTAMPDIFF_HOUR"] = new(2, 2, static (c, p, a) => c.TimestampDifference(p, a, 3_600_000_000)),
        ["TIMESTAMPDIFF_MINUTE"] = new(2, 2, static (c, p, a) => c.TimestampDifference(p, a, 60_000_000)),
        ["TIMESTAMPDIFF_SECOND"] = new(2, 2, static (c, p, a) => c.TimestampDifference(p, a, 1_000_000)),
    }.ToFrozenDictionary();

    // Functions whose value is not the row's alone.
    private static readonly FrozenSet<string> Changing = new[]
    {
        "NOW", "SYSDATE", "CURDATE", "CURTIME", "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP", "LOCALTIME", "LOCALTIMESTAMP", "UTC_DATE", "UTC_TIME", "UTC_TIMESTAMP",
        "RAND", "UUID", "UUID_SHORT", "SYS_GUID", "RANDOM_BYTES", "USER", "CURRENT_USER", "CURRENT_ROLE", "SESSION_USER", "SYSTEM_USER", "DATABASE", "SCHEMA", "VERSION", "CONNECTION_ID", "LAST_INSERT_ID",
        "ROW_COUNT", "FOUND_ROWS", "SLEEP", "BENCHMARK", "GET_LOCK", "RELEASE_LOCK", "IS_FREE_LOCK", "IS_USED_LOCK", "LOAD_FILE", "NEXTVAL", "LASTVAL", "SETVAL", "TIDB_VERSION",
    }.ToFrozenSet(StringComparer.Ordinal);

    private Node CompileCall(CallExpression call)
    {
        if (Changing.Contains(call.Name) || (call.Name == "UNIX_TIMESTAMP" && call.Arguments.Count == 0))
            throw new ExpressionException(call.Position, $"the value of {call.Name}() depends on more than the row, so that a restart could filter other rows", "write the value itself");
        if (call.Name == "ISNULL" && call.Arguments.Count == 1)
            return CompileIs(new IsExpression(call.Position, call.Arguments[0], TruthTest.Null, IsNegated: false));
        if (!Functions.TryGetValue(call.Name, out var function))
            throw new ExpressionException(call.Position, $"function {call.Name} is not supported", "these are: " + string.Join(", ", Functions.Keys.Where(n => !n.Contains("DIFF_", StringComparison.Ordinal)).Append("ISNULL").Order(StringComparer.Ordinal)));
        if (call.Arguments.Count < function.Fewest || call.Arguments.Count > function.Most)
            throw new ExpressionException(call.Position, $"function {call.Name} takes {function.Count}, not {call.Arguments.Count}");
        var arguments = call.Arguments.Select(CompileUsable).ToArray();
        foreach (var argument in arguments)
        {
            if (argument is Constant { IsBinaryLiteral: true })
                RefuseLiterals(argument);
        }

        return function.Build(this, call.Position, arguments);
    }

    private static Node Abs(int position, Node operand)
    {
        operand = Number(operand);
        var isUnsigned = operand.Type.IsUnsigned;
        return Folding.Make(Plain(operand.Type), position, [operand], (Node[] a, scoped ref readonly Row row) =>
        {
            var v = a[0].Evaluate(in row);
            return v.Kind switch
            {
                ValueKind.Integer => Value.OfInteger(InRange(Int128.Abs(v.Number.Integer), isUnsigned)),
                ValueKind.Decimal => v.Number.Sign < 0 ? Value.OfDecimal(-v.Number) : v,
                ValueKind.Double => Value.OfDouble(Math.Abs(v.Double)),
                _ => v,
            };
        });
    }

    private static Node Sign(int position, Node operand) => Folding.Make(ValueType.Integer, position, [Number(operand)], static (Node[] a, scoped ref readonly Row row) =>
    {
        var v = a[0].Evaluate(in row);
        return v.Kind switch
        {
            ValueKind.Integer or ValueKind.Decimal => Value.OfInteger(v.Number.Sign),
            ValueKind.Double => Value.OfInteger(Math.Sign(v.Double)),
            _ => v,
        };
    });

    private Node Whole(int position, Node operand, Func<ExactNumber, ExactNumber> exact, Func<double, double> approximate)
    {
        operand = Number(operand);
        if (IsOlderMySql && (CanBeHuge(operand) || (operand is not ColumnNode && operand.Type.Kind == ValueKind.Decimal)))
            throw new ExpressionException(position, "before MySQL 8.0 computed decimals and large unsigned integers are cut to 63 bits here", "use CAST(... AS DECIMAL)");
        var type = operand.Type.Kind == ValueKind.Decimal ? ValueType.Decimal(0) : Rounded(operand.Type);
        return Folding.Make(type, position, [operand], (Node[] a, scoped ref readonly Row row) =>
        {
            var v = a[0].Evaluate(in row);
            return v.Kind switch
            {
                ValueKind.Decimal => Value.OfDecimal(exact(v.Number)),
                ValueKind.Double => Value.OfDouble(approximate(v.Double)),
                _ => v,
            };
        });
    }

    private Node Round(int position, Node[] arguments, bool isCut)
    {
        var operand = Number(arguments[0]);
        var digits = 0;
        if (arguments.Length > 1)
        {
            if (arguments[1] is not Constant { IsNull: false, Type.Kind: ValueKind.Integer } constant || !constant.Value.Number.IsWithin(-30, 30))
                throw new ExpressionException(arguments[1].Position, "the digits are a constant from -30 to 30");
            digits = (int)constant.Value.Number.Integer;
        }

        if (operand.Type.Kind == ValueKind.Integer && digits < 0 && !isCut && !IsNewerMySql)
            throw new ExpressionException(position, "rounding an integer can leave the range of integers", "round operand * 1.0 instead");
        var hasOwnText = !IsNewerMySql && (operand is not ColumnNode);
        // MariaDB and older MySQL show digits that were not there.
        var scale = IsNewerMySql ? Math.Clamp(digits, 0, operand.Type.Scale) : Math.Max(digits, 0);
        var type = operand.Type.Kind == ValueKind.Decimal ? ValueType.Decimal(scale) with { HasOwnText = hasOwnText } : Rounded(operand.Type) with { HasOwnText = hasOwnText || operand.Type.Kind == ValueKind.Double };
        var isUnsigned = type.IsUnsigned;
        var power = Math.Pow(10, Math.Abs(digits));
        return Folding.Make(type, position, [operand], (Node[] a, scoped ref readonly Row row) =>
        {
            var v = a[0].Evaluate(in row);
            return v.Kind switch
            {
                ValueKind.Integer when digits < 0 => Value.OfInteger(InRange(Rounded(v.Number, digits, isCut).Integer, isUnsigned)),
                ValueKind.Decimal => Value.OfDecimal(Rounded(v.Number, Math.Min(digits, v.Number.Scale), isCut)),
                ValueKind.Double => Value.OfDouble(Rounded(v.Double, digits < 0, power, isCut)),
                _ => v,
            };
        });
    }

    private static ExactNumber Rounded(ExactNumber value, int digits, bool isCut) => isCut ? value.Truncate(digits) : value.Round(digits);

    private static double Rounded(double value, bool isBeforePoint, double power, bool isCut)
    {
        var scaled = isBeforePoint ? value / power : value * power;
        if (double.IsInfinity(scaled))
            return value;
        var whole = isCut ? Math.Truncate(scaled) : Math.Round(scaled, MidpointRounding.ToEven);
        return isBeforePoint ? whole * power : whole / power;
    }

    private Node Power(int position, Node[] arguments) => Folding.Make(ValueType.Double, position, [AsDouble(arguments[0]), AsDouble(arguments[1])], static (Node[] a, scoped ref readonly Row row) =>
    {
        var @base = a[0].Evaluate(in row);
        if (@base.IsNull)
            return Value.Null;
        var exponent = a[1].Evaluate(in row);
        if (exponent.IsNull)
            return Value.Null;
        var power = Math.Pow(@base.Double, exponent.Double);
        return double.IsFinite(power) ? Value.OfDouble(power) : throw new OverflowException("a DOUBLE value is out of range");
    });

    private Node SquareRoot(int position, Node operand) => Folding.Make(ValueType.Double, position, [AsDouble(operand)], static (Node[] a, scoped ref readonly Row row) =>
        a[0].Evaluate(in row) is { IsNull: false, Double: >= 0 } v ? Value.OfDouble(Math.Sqrt(v.Double)) : Value.Null);

    private static Node Number(Node operand)
    {
        RefuseLiterals(operand);
        RefuseMixed(operand);
        return operand.Type.IsNumber || operand.Type.Kind == ValueKind.Null
            ? operand
            : throw new ExpressionException(operand.Position, $"a number is expected, not {operand.Type}", "add 0 to convert it");
    }

    private static ValueType Plain(ValueType type) => type with { HasOwnText = false, Precision = 0 };

    // A rounded double is written with a fixed number of digits.
    private static ValueType Rounded(ValueType type) => type with { HasOwnText = type.Kind == ValueKind.Double, Precision = 0 };

    /// <summary>A function.</summary>
    /// <param name="Fewest">Arguments that it needs.</param>
    /// <param name="Most">Arguments that it takes.</param>
    /// <param name="Build">Binds a call at a position.</param>
    private sealed record Function(int Fewest, int Most, Func<ExpressionCompiler, int, Node[], Node> Build)
    {
        public string Count => Most == Any ? $"at least {Fewest} arguments" : Fewest == Most ? $"{Fewest} argument{(Fewest == 1 ? "" : "s")}" : $"{Fewest} to {Most} arguments";
    }
}
