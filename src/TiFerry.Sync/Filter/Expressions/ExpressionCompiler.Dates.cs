using System.Globalization;
using System.Text;
using TiFerry.Schema.Expressions;

namespace TiFerry.Sync.Filter.Expressions;

/// <content>Functions of dates and times (MySQL manual, "Date and Time Functions").</content>
internal sealed partial class ExpressionCompiler
{
    // Letters of DATE_FORMAT whose meaning depends on no language and no rule for weeks.
    private const string FormatLetters = "YymcdeHkhIliSsfTrjp%MbWawD";

    private static readonly DateTimeFormatInfo Names = CultureInfo.InvariantCulture.DateTimeFormat;

    private Node AsDate(Node node)
    {
        RefuseChosen(node);
        if (node.Type.Kind == ValueKind.Time)
            throw new ExpressionException(node.Position, "a TIME has a date through the current date only");
        return ToTemporal(node, wantsTime: false);
    }

    private Node DatePart(int position, Node operand, Func<Temporal, int> part) => Folding.Make(ValueType.Integer, position, [AsDate(operand)], (Node[] a, scoped ref readonly Row row) =>
        a[0].Evaluate(in row) is { IsNull: false } v ? Value.OfInteger(part(Temporal.Unpack(v.Temporal))) : Value.Null);

    /// <summary>What needs a day of the calendar: NULL for a date with a part that is 0.</summary>
    private Node DayPart(int position, Node operand, Func<Temporal, long> part) => Folding.Make(ValueType.Integer, position, [AsDate(operand)], (Node[] a, scoped ref readonly Row row) =>
    {
        var v = a[0].Evaluate(in row);
        if (v.IsNull)
            return v;
        var date = Temporal.Unpack(v.Temporal);
        return date.HasZeroPart ? Value.Null : Value.OfInteger(part(date));
    });

    private Node TimePart(int position, Node operand, Func<long, long> part)
    {
        RefuseChosen(operand);
        var isTime = operand.Type.Kind == ValueKind.Time;
        if (operand is Constant { Type.Kind: ValueKind.Text or ValueKind.Integer })
            throw new ExpressionException(operand.Position, "a constant is read as a date by some servers and as a time by others", "write TIME'...' or TIMESTAMP'...'");
        return Folding.Make(ValueType.Integer, position, [ToTemporal(operand, isTime)], (Node[] a, scoped ref readonly Row row) =>
            a[0].Evaluate(in row) is { IsNull: false } v ? Value.OfInteger(part(isTime ? Math.Abs(v.Temporal) : Temporal.Unpack(v.Temporal).TimeOfDay)) : Value.Null);
    }

    private Node ToDate(int position, Node operand) => Folding.Make(new ValueType(ValueKind.Date), position, [AsDate(operand)], static (Node[] a, scoped ref readonly Row row) =>
        a[0].Evaluate(in row) is { IsNull: false } v ? Value.OfTemporal(ValueKind.Date, Temporal.DateOf(v.Temporal)) : Value.Null);

    private Node ToTime(int position, Node operand)
    {
        RefuseChosen(operand);
        if (operand.Type.Kind == ValueKind.Time)
            return operand;
        if (!operand.Type.IsTemporal)
            operand = ToTemporal(operand, wantsTime: true);
        if (operand.Type.Kind == ValueKind.Time)
            return operand;
        return Folding.Make(new ValueType(ValueKind.Time) { Scale = operand.Type.Scale }, position, [operand], static (Node[] a, scoped ref readonly Row row) =>
            a[0].Evaluate(in row) is { IsNull: false } v ? Value.OfTemporal(ValueKind.Time, Temporal.Unpack(v.Temporal).TimeOfDay) : Value.Null);
    }

    private Node DateDifference(int position, Node[] arguments) => Folding.Make(ValueType.Integer, position, [AsDate(arguments[0]), AsDate(arguments[1])], static (Node[] a, scoped ref readonly Row row) =>
    {
        var l = a[0].Evaluate(in row);
        if (l.IsNull)
            return Value.Null;
        var r = a[1].Evaluate(in row);
        if (r.IsNull)
            return Value.Null;
        var (left, right) = (Temporal.Unpack(l.Temporal), Temporal.Unpack(r.Temporal));
        return left.HasZeroPart || right.HasZeroPart ? Value.Null : Value.OfInteger(left.DayNumber - right.DayNumber);
    });

    private Node TimestampDifference(int position, Node[] arguments, long unit) => Folding.Make(ValueType.Integer, position, [AsDate(arguments[0]), AsDate(arguments[1])], (Node[] a, scoped ref readonly Row row) =>
    {
        var l = a[0].Evaluate(in row);
        if (l.IsNull)
            return Value.Null;
        var r = a[1].Evaluate(in row);
        if (r.IsNull)
            return Value.Null;
        var (from, to) = (Temporal.Unpack(l.Temporal), Temporal.Unpack(r.Temporal));
        if (from.HasZeroPart || to.HasZeroPart)
            return Value.Null;
        return Value.OfInteger((((to.DayNumber - from.DayNumber) * Temporal.MicrosecondsPerDay) + to.TimeOfDay - from.TimeOfDay) / unit);
    });

    private Node LastDay(int position, Node operand) => Folding.Make(new ValueType(ValueKind.Date), position, [AsDate(operand)], static (Node[] a, scoped ref readonly Row row) =>
    {
        var v = a[0].Evaluate(in row);
        if (v.IsNull)
            return v;
        var date = Temporal.Unpack(v.Temporal);
        return date.HasZeroPart ? Value.Null : Value.OfTemporal(ValueKind.Date, new Temporal(date.Year, date.Month, Temporal.DaysIn(date.Year, date.Month), 0, 0, 0, 0).Packed);
    });

    private Node CompileInterval(IntervalExpression interval)
    {
        var source = CompileUsable(interval.Operand);
        var date = AsDate(source);
        var amount = AsNumber(CompileUsable(interval.Amount));
        if (amount.Type.Kind is not (ValueKind.Integer or ValueKind.Null))
            throw new ExpressionException(amount.Position, "the amount of an interval is an integer here", "use CAST(... AS SIGNED), or a smaller unit");
        var keepsDate = interval.Unit is "DAY" or "WEEK" or "MONTH" or "QUARTER" or "YEAR";
        var kind = date.Type.Kind == ValueKind.Date && keepsDate ? ValueKind.Date : ValueKind.DateTime;
        var scale = interval.Unit == "MICROSECOND" ? 6 : date.Type.Scale;
        var (unit, sign) = (interval.Unit, interval.IsSubtracted ? -1 : 1);
        var isNullBeforeYearOne = IsMariaDb;
        var moved = Folding.Make(new ValueType(kind) { Scale = scale }, interval.Position, [date, amount], (Node[] a, scoped ref readonly Row row) =>
        {
            var v = a[0].Evaluate(in row);
            if (v.IsNull)
                return v;
            var count = a[1].Evaluate(in row);
            if (count.IsNull)
                return count;
            return Move(Temporal.Unpack(v.Temporal), unit, count.Number.Integer * sign, isNullBeforeYearOne) is { } result ? Value.OfTemporal(kind, result.Packed) : Value.Null;
        });
        // Of a date in quotes the servers make text again.
        if (source.Type.Kind != ValueKind.Text)
            return moved;
        if (scale > 0 || moved is not Constant constant)
            throw new ExpressionException(interval.Position, "the servers make text of a date in quotes that is moved by parts of a second or by a value of the row", "write DATE'...' or TIMESTAMP'...'");
        var text = (Constant)AsText(constant);
        return new Constant(text.Value, text.Type, text.Position) { IsMovedDate = true };
    }

    // What a day of the year 0 is depends on the server: MySQL 8.0 goes on counting, MySQL before it gives the zero date, MariaDB NULL. The first two are not followed.
    private static Temporal? Move(Temporal date, string unit, Int128 amount, bool isNullBeforeYearOne)
    {
        const long Farthest = 10_000 * 366L * Temporal.MicrosecondsPerDay;
        if (date.HasZeroPart || Int128.Abs(amount) > Farthest)
            return null;
        if (unit is "MONTH" or "QUARTER" or "YEAR")
        {
            var months = (date.Year * 12L) + date.Month - 1 + (long)(amount * (unit == "YEAR" ? 12 : unit == "QUARTER" ? 3 : 1));
            if (months is < 0 or >= 120_000)
                return null;
            var (year, month) = ((int)(months / 12), (int)(months % 12) + 1);
            return date with { Year = year, Month = month, Day = Math.Min(date.Day, Temporal.DaysIn(year, month)) };
        }

        var micros = amount * unit switch
        {
            "WEEK" => 7 * Temporal.MicrosecondsPerDay,
            "DAY" => Temporal.MicrosecondsPerDay,
            "HOUR" => 3_600_000_000,
            "MINUTE" => 60_000_000,
            "SECOND" => 1_000_000,
            _ => 1,
        };
        var total = ((Int128)date.DayNumber * Temporal.MicrosecondsPerDay) + date.TimeOfDay + micros;
        if (total < 0)
            return null;
        var days = (long)Int128.Min(total / Temporal.MicrosecondsPerDay, int.MaxValue);
        var timeOfDay = (long)(total % Temporal.MicrosecondsPerDay);
        if (days <= 365 && !isNullBeforeYearOne)
            throw new OverflowException("a date before the year 1");
        return Temporal.FromDayNumber(days, timeOfDay);
    }

    private Node DateFormat(int position, Node[] arguments)
    {
        var date = AsDate(arguments[0]);
        if (arguments[1] is not Constant { IsNull: false, Type.Kind: ValueKind.Text } constant)
            throw new ExpressionException(arguments[1].Position, "the format is a constant in quotes");
        var format = Encoding.UTF8.GetString(constant.Value.Text);
        for (var i = format.IndexOf('%', StringComparison.Ordinal); i >= 0 && i + 1 < format.Length; i = format.IndexOf('%', i + 2))
        {
            if (!FormatLetters.Contains(format[i + 1], StringComparison.Ordinal) && char.IsAsciiLetter(format[i + 1]))
                throw new ExpressionException(arguments[1].Position, $"%{format[i + 1]} is not supported in DATE_FORMAT");
        }

        return Folding.Make(ValueType.Text(_connection, Coercibility.Coercible), position, [date], (Node[] a, scoped ref readonly Row row) =>
        {
            var v = a[0].Evaluate(in row);
            return v.IsNull || Format(Temporal.Unpack(v.Temporal), format) is not { } text ? Value.Null : Value.OfText(Encoding.UTF8.GetBytes(text));
        });
    }

    // Allocates: a formatted date is for reading, comparing dates is faster.
    private static string? Format(Temporal t, string format)
    {
        var text = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                text.Append(format[i]);
                continue;
            }

            if (Piece(t, format[++i]) is not { } piece)
                return null;
            text.Append(piece);
        }

        return text.ToString();
    }

    private static string? Piece(Temporal t, char letter) => letter switch
    {
        'Y' => Digits(t.Year, 4),
        'y' => Digits(t.Year % 100, 2),
        'm' => Digits(t.Month, 2),
        'c' => Digits(t.Month, 1),
        'd' => Digits(t.Day, 2),
        'e' => Digits(t.Day, 1),
        'D' => Digits(t.Day, 1) + (t.Day is >= 10 and <= 19 ? "th" : (t.Day % 10) switch { 1 => "st", 2 => "nd", 3 => "rd", _ => "th" }),
        'H' => Digits(t.Hour, 2),
        'k' => Digits(t.Hour, 1),
        'h' or 'I' => Digits(((t.Hour + 11) % 12) + 1, 2),
        'l' => Digits(((t.Hour + 11) % 12) + 1, 1),
        'i' => Digits(t.Minute, 2),
        'S' or 's' => Digits(t.Second, 2),
        'f' => Digits(t.Microsecond, 6),
        'T' => $"{Digits(t.Hour, 2)}:{Digits(t.Minute, 2)}:{Digits(t.Second, 2)}",
        'r' => $"{Digits(((t.Hour + 11) % 12) + 1, 2)}:{Digits(t.Minute, 2)}:{Digits(t.Second, 2)} {(t.Hour < 12 ? "AM" : "PM")}",
        'p' => t.Hour < 12 ? "AM" : "PM",
        'j' => t.HasZeroPart ? null : Digits(t.DayNumber - new Temporal(t.Year, 1, 1, 0, 0, 0, 0).DayNumber + 1, 3),
        'M' => t.Month == 0 ? null : Names.MonthNames[t.Month - 1],
        'b' => t.Month == 0 ? null : Names.MonthNames[t.Month - 1][..3],
        'W' => t.HasZeroPart ? null : Names.DayNames[(t.DayNumber + 6) % 7],
        'a' => t.HasZeroPart ? null : Names.DayNames[(t.DayNumber + 6) % 7][..3],
        'w' => t.HasZeroPart ? null : Digits((t.DayNumber + 6) % 7, 1),
        _ => letter.ToString(),
    };

    private static string Digits(long value, int width) => value.ToString(CultureInfo.InvariantCulture).PadLeft(width, '0');

    // MySQL 8.0.28 moved the end from 2038 to 3001-01-18 23:59:59.
    private long LastSecond => !IsMariaDb && _dialect.Version >= 80028 ? 32_536_771_199 : int.MaxValue;

    private Node UnixTimestamp(int position, Node operand)
    {
        var date = AsDate(operand);
        var scale = date.Type.Scale;
        var (zone, lastSecond) = (_zone, LastSecond);
        var firstSecond = IsMariaDb ? 0 : 1;
        var hasZero = !IsMariaDb || operand is ColumnNode { Reading: ColumnReading.Timestamp };
        return Folding.Make(scale == 0 ? ValueType.Integer : ValueType.Decimal(scale) with { HasMixedKinds = true }, position, [date], (Node[] a, scoped ref readonly Row row) =>
        {
            var v = a[0].Evaluate(in row);
            if (v.IsNull)
                return v;
            var t = Temporal.Unpack(v.Temporal);
            if (t.HasZeroPart && !hasZero)
                return Value.Null;
            if (t.HasZeroPart || t.Year is < 1969 or > 3002)
                return !hasZero ? Value.Null : scale == 0 ? Value.OfInteger(0) : Value.OfDecimal(new ExactNumber(0, scale));
            var local = new DateTime(t.Year, t.Month, t.Day, t.Hour, t.Minute, t.Second, DateTimeKind.Unspecified);
            var seconds = (long)(local - zone.GetUtcOffset(local) - DateTime.UnixEpoch).TotalSeconds;
            if (seconds < firstSecond || seconds > lastSecond)
                return !hasZero ? Value.Null : scale == 0 ? Value.OfInteger(0) : Value.OfDecimal(new ExactNumber(0, scale));
            return scale == 0 ? Value.OfInteger(seconds) : Value.OfDecimal(new ExactNumber(((Int128)seconds * 1_000_000) + t.Microsecond, 6).Truncate(scale));
        });
    }

    private Node FromUnixTime(int position, Node operand)
    {
        if (operand.Type.Kind != ValueKind.Integer)
            throw new ExpressionException(operand.Position, "FROM_UNIXTIME takes an integer here", "use CAST(... AS SIGNED)");
        var (zone, lastSecond) = (_zone, LastSecond);
        return Folding.Make(new ValueType(ValueKind.DateTime), position, [operand], (Node[] a, scoped ref readonly Row row) =>
        {
            var v = a[0].Evaluate(in row);
            if (v.IsNull || !v.Number.IsWithin(0, lastSecond))
                return Value.Null;
            var time = DateTime.UnixEpoch.AddSeconds((long)v.Number.Integer);
            return Value.OfTemporal(ValueKind.DateTime, Temporal.Of(time + zone.GetUtcOffset(time), 0).Packed);
        });
    }
}
