using TiFerry.Schema.Charsets;
using TiFerry.Schema.Expressions;

namespace TiFerry.Sync.Filter.Expressions;

/// <summary>NOT.</summary>
internal sealed class NotCondition(Node operand, int position) : Condition(position)
{
    public override Truth Test(scoped ref readonly Row row) => operand.Test(in row) switch
    {
        Truth.True => Truth.False,
        Truth.False => Truth.True,
        _ => Truth.Unknown,
    };
}

/// <summary>AND, OR, XOR with three values.</summary>
internal sealed class LogicCondition(BinaryOperator sign, Node left, Node right, int position) : Condition(position)
{
    public override Truth Test(scoped ref readonly Row row)
    {
        var l = left.Test(in row);
        switch (sign)
        {
            case BinaryOperator.And when l == Truth.False:
            case BinaryOperator.Or when l == Truth.True:
                return l;
        }

        var r = right.Test(in row);
        return sign switch
        {
            BinaryOperator.And => r == Truth.False ? r : l == Truth.True ? r : Truth.Unknown,
            BinaryOperator.Or => r == Truth.True ? r : l == Truth.False ? r : Truth.Unknown,
            _ => l == Truth.Unknown || r == Truth.Unknown ? Truth.Unknown : l != r ? Truth.True : Truth.False,
        };
    }
}

/// <summary>IS NULL, IS TRUE, IS FALSE.</summary>
internal sealed class IsCondition(Node operand, TruthTest test, bool isNegated, int position) : Condition(position)
{
    public override Truth Test(scoped ref readonly Row row)
    {
        var holds = test switch
        {
            TruthTest.Null => operand.Evaluate(in row).IsNull,
            TruthTest.True => operand.Test(in row) == Truth.True,
            _ => operand.Test(in row) == Truth.False,
        };
        return holds != isNegated ? Truth.True : Truth.False;
    }
}

/// <summary>LIKE.</summary>
internal sealed class LikeCondition(TextCollation collation, Node text, Node pattern, int escape, int position) : Condition(position)
{
    public override Truth Test(scoped ref readonly Row row)
    {
        var value = text.Evaluate(in row);
        if (value.IsNull)
            return Truth.Unknown;
        var wanted = pattern.Evaluate(in row);
        if (wanted.IsNull)
            return Truth.Unknown;
        return collation.Matches(value.Text, wanted.Text, escape) ? Truth.True : Truth.False;
    }
}

/// <summary>A comparison of two values of the same kind.</summary>
internal sealed class Comparison(BinaryOperator sign, Node left, Node right, TextCollation? collation, int position) : Condition(position)
{
    public override Truth Test(scoped ref readonly Row row)
    {
        var l = left.Evaluate(in row);
        if (l.IsNull && sign != BinaryOperator.NullSafeEqual)
            return Truth.Unknown;
        var r = right.Evaluate(in row);
        if (l.IsNull || r.IsNull)
            return sign != BinaryOperator.NullSafeEqual ? Truth.Unknown : l.IsNull == r.IsNull ? Truth.True : Truth.False;
        return Holds(l, r) ? Truth.True : Truth.False;
    }

    private bool Holds(Value l, Value r)
    {
        if (collation is not null && sign is BinaryOperator.Equal or BinaryOperator.NullSafeEqual)
            return collation.AreEqual(l.Text, r.Text);
        var order = l.Kind switch
        {
            ValueKind.Text => collation!.Compare(l.Text, r.Text),
            ValueKind.Double => l.Double.CompareTo(r.Double),
            ValueKind.Integer or ValueKind.Decimal => ExactNumber.Compare(l.Number, r.Number),
            _ => l.Temporal.CompareTo(r.Temporal),
        };
        return sign switch
        {
            BinaryOperator.Equal or BinaryOperator.NullSafeEqual => order == 0,
            BinaryOperator.NotEqual => order != 0,
            BinaryOperator.Less => order < 0,
            BinaryOperator.LessOrEqual => order <= 0,
            BinaryOperator.Greater => order > 0,
            _ => order >= 0,
        };
    }
}
