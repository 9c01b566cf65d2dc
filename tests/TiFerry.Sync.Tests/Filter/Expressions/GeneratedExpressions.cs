using FsCheck;
using FsCheck.Fluent;

namespace TiFerry.Sync.Tests.Filter.Expressions;

/// <summary>Conditions put together at random; the same ones each time.</summary>
internal static class GeneratedExpressions
{
    private static readonly Gen<string> Integers = Gen.Elements("ti", "i", "bi", "iu", "b8", "0", "1", "-7", "100", "LENGTH(vb)", "YEAR(dt)", "CRC32(c)");
    private static readonly Gen<string> Decimals = Gen.Elements("d", "d0", "1.5", "-0.01", "10.25", "ROUND(d, 1)", "ABS(d)");
    private static readonly Gen<string> Doubles = Gen.Elements("db", "f", "1e1", "-2.5e-1", "'3'", "vb");
    private static readonly Gen<string> Texts = Gen.Elements("c", "vu", "tx", "e", "'abc'", "'A'", "''", "'\u00e9t\u00e9'", "CONCAT(c, 'x')", "LEFT(vu, 2)", "UPPER(tx)", "TRIM(c)", "REPLACE(c, 'a', 'b')", "CONCAT(i)", "REVERSE(tx)");
    private static readonly Gen<string> Dates = Gen.Elements("dt", "dtm", "dt6", "ts", "'2024-02-29'", "'2000-01-01 12:00:00'", "dt + INTERVAL 1 MONTH", "dtm - INTERVAL 36 HOUR", "DATE(dt6)");
    private static readonly Gen<string> Signs = Gen.Elements("=", "<=>", "<>", "<", "<=", ">", ">=");

    public static IReadOnlyList<string> Create(int count)
    {
        var texts = new List<string>();
        Prop.ForAll(Condition(3).ToArbitrary(), condition => texts.Add(condition)).Check(Config.Quick.WithMaxTest(count).WithReplay(new Replay(new Rnd(20_260_131, 7), null)).WithQuietOnSuccess(true));
        return texts;
    }

    private static Gen<string> Condition(int depth)
    {
        var compared = Gen.OneOf(
            Compared(Number(depth), Number(depth)), Compared(Texts, Texts), Compared(Dates, Dates),
            from value in Number(depth)
            from low in Integers
            from high in Decimals
            from not in Gen.Elements("", "NOT ")
            select $"({value}) {not}BETWEEN {low} AND {high}",
            from value in Texts
            from pattern in Gen.Elements("'%b%'", "'a_c'", "'A%'", "'%'")
            select $"{value} LIKE {pattern}",
            from value in Number(depth)
            from elements in Integers.ListOf(3)
            select $"({value}) IN ({string.Join(", ", elements)})",
            from value in Gen.OneOf(Integers, Decimals, Texts, Dates)
            from not in Gen.Elements("", "NOT ")
            select $"{value} IS {not}NULL");
        if (depth == 0)
            return compared;
        return Gen.OneOf(
            compared,
            from left in Condition(depth - 1)
            from sign in Gen.Elements("AND", "OR", "XOR")
            from right in Condition(depth - 1)
            select $"({left}) {sign} ({right})",
            from inner in Condition(depth - 1)
            from test in Gen.Elements("NOT ({0})", "({0}) IS TRUE", "({0}) IS NOT FALSE", "({0}) IS UNKNOWN", "IF({0}, 1, NULL)", "IFNULL({0}, 1)")
            select string.Format(System.Globalization.CultureInfo.InvariantCulture, test, inner));
    }

    private static Gen<string> Number(int depth)
    {
        var atom = Gen.OneOf(Integers, Decimals, Doubles);
        if (depth == 0)
            return atom;
        return Gen.OneOf(
            atom,
            from left in Number(depth - 1)
            from sign in Gen.Elements("+", "-", "*", "%", "/")
            from right in atom
            select $"({left} {sign} {right})",
            from left in Integers
            from sign in Gen.Elements("&", "|", "^", "DIV", "<<")
            from right in Gen.Elements("1", "3", "ti", "7")
            select $"({left} {sign} {right})",
            from condition in Condition(0)
            from yes in Integers
            from no in Decimals
            select $"CASE WHEN {condition} THEN {yes} ELSE {no} END");
    }

    private static Gen<string> Compared(Gen<string> lefts, Gen<string> rights) =>
        from left in lefts
        from sign in Signs
        from right in rights
        select $"{left} {sign} {right}";
}
