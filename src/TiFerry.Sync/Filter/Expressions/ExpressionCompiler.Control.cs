using System.Text;
using TiFerry.Schema.Expressions;

namespace TiFerry.Sync.Filter.Expressions;

/// <content>CASE and the functions that choose one of their arguments (MySQL manual, "Flow Control Functions").</content>
internal sealed partial class ExpressionCompiler
{
    private Node CompileCase(CaseExpression branches)
    {
        var operand = branches.Operand is null ? null : CompileUsable(branches.Operand);
        var conditions = new Node[branches.Branches.Count];
        var results = new Node[conditions.Length + 1];
        for (var i = 0; i < conditions.Length; i++)
        {
            var when = CompileUsable(branches.Branches[i].When);
            conditions[i] = operand is null ? when : Compare(BinaryOperator.Equal, operand, when, when.Position);
            results[i] = CompileUsable(branches.Branches[i].Then);
        }

        if (operand is not null)
            RefuseMoreDigits([operand, .. branches.Branches.Select(b => CompileUsable(b.When))]);
        if (operand is not null)
            RefuseMixedTypes(branches.Position, operand, [.. branches.Branches.Select(b => CompileUsable(b.When))]);
        else
            RefuseLiterals(conditions);
        results[^1] = branches.Otherwise is null ? new Constant(Value.Null, ValueType.Null, branches.Position) : CompileUsable(branches.Otherwise);
        return Choose(branches.Position, conditions, results);
    }

    /// <summary>The first result whose condition is true, else the last result.</summary>
    private Node Choose(int position, Node[] conditions, Node[] results)
    {
        RefuseLiterals(conditions);
        var type = ToOneType(position, results);
        return Folding.Make(type, position, [.. conditions, .. results], (Node[] a, scoped ref readonly Row row) =>
        {
            for (var i = 0; i < conditions.Length; i++)
            {
                if (conditions[i].Test(in row) == Truth.True)
                    return results[i].Evaluate(in row);
            }

            return results[^1].Evaluate(in row);
        });
    }

    /// <summary>The first argument that is not NULL.</summary>
    private Node Coalesce(int position, Node[] arguments)
    {
        var type = ToOneType(position, arguments);
        return Folding.Make(type, position, arguments, static (Node[] a, scoped ref readonly Row row) =>
        {
            foreach (var argument in a)
            {
                var v = argument.Evaluate(in row);
                if (!v.IsNull)
                    return v;
            }

            return Value.Null;
        });
    }

    private Node NullIf(int position, Node[] arguments)
    {
        if (IsOlderMySql && Array.Exists(arguments, a => a.Type.IsTemporal))
            throw new ExpressionException(position, "before MySQL 8.0 NULLIF does not compare dates as such", "use CASE");
        if (arguments[0] is Constant)
            throw new ExpressionException(position, "the type of NULLIF with a constant in front is not known", "use CASE");
        if (arguments[0].Type.Collation is { } collation && (arguments[1].Type.Collation is { } other && other.Name != collation.Name && arguments[1] is not Constant))
            throw new ExpressionException(position, "NULLIF is supported with a text that is no constant and another of its collation", "use CASE");
        var equal = Compare(BinaryOperator.Equal, arguments[0], arguments[1], position);
        var type = arguments[0].Type with { IsChosen = arguments[0].Type.IsTemporal || arguments[0] is ColumnNode { IsMember: true } };
        return Folding.Make(type, position, [equal, arguments[0]], static (Node[] a, scoped ref readonly Row row) =>
            a[0].Test(in row) == Truth.True ? Value.Null : a[1].Evaluate(in row));
    }

    /// <summary>GREATEST and LEAST: the sign says which of two to keep.</summary>
    private Node Extreme(int position, Node[] arguments, BinaryOperator sign)
    {
        if (IsOlderMySql)
            throw new ExpressionException(position, "before MySQL 8.0 the greatest and least are not found by value, and not NULL beside NULL", "use IF");
        if (Array.Exists(arguments, a => a.Type.Kind == ValueKind.Text))
            throw new ExpressionException(position, "of equal texts some servers take the first and others the last", "use IF");
        RefuseMoreDigits(arguments);
        if (Array.Exists(arguments, a => a.Type.Kind == ValueKind.Null))
            throw new ExpressionException(position, "the greatest or least of NULL is NULL", "leave NULL out");
        var kinds = arguments.Select(a => a.Type.Kind).Where(k => k != ValueKind.Null).Distinct().ToList();
        if (kinds.Count > 1 && !arguments.All(a => a.Type.IsNumber || a.Type.Kind == ValueKind.Null))
            throw new ExpressionException(position, "values of different kinds are not compared alike by all servers", "convert them with CAST");
        var type = ToOneType(position, arguments);
        return Folding.Make(type, position, arguments, (Node[] a, scoped ref readonly Row row) =>
        {
            var best = a[0].Evaluate(in row);
            for (var i = 1; i < a.Length && !best.IsNull; i++)
            {
                var next = a[i].Evaluate(in row);
                if (next.IsNull)
                    return Value.Null;
                var order = next.Kind switch
                {
                    ValueKind.Double => next.Double.CompareTo(best.Double),
                    ValueKind.Integer or ValueKind.Decimal => ExactNumber.Compare(next.Number, best.Number),
                    _ => next.Temporal.CompareTo(best.Temporal),
                };
                if (sign == BinaryOperator.Greater ? order > 0 : order < 0)
                    best = next;
            }

            return best;
        });
    }

    /// <summary>Converts all to one type in place, the one that the servers give a choice between them.</summary>
    private ValueType ToOneType(int position, Node[] results)
    {
        foreach (var result in results)
        {
            if (result is Constant { IsNull: true, IsNullLiteral: false })
                throw new ExpressionException(result.Position, "what type a computed NULL has is not known", "write NULL");
            if (result is Constant { IsBinaryLiteral: true } or Constant { IsMovedDate: true })
                RefuseLiterals(result);
        }

        var types = results.Select(r => r.Type).Where(t => t.Kind != ValueKind.Null).ToList();
        if (types.Count == 0)
            return ValueType.Null;
        var kinds = types.Select(t => t.Kind).Distinct().ToList();
        if (kinds is [ValueKind.Integer])
            return ToOneIntegerType(position, results, types);
        if (kinds.TrueForAll(k => k is ValueKind.Integer or ValueKind.Decimal))
            return ConvertAll(results, ValueType.Decimal(types.Max(t => t.Scale)) with { HasMixedKinds = kinds.Count > 1 || types.Exists(t => t.HasMixedKinds), HasMixedSigns = types.Exists(t => t.HasMixedSigns), HasOwnText = types.Exists(t => t.HasOwnText || t.Scale != types[0].Scale) }, AsDecimal);
        if (kinds.TrueForAll(k => k is ValueKind.Integer or ValueKind.Decimal or ValueKind.Double))
            return ConvertAll(results, ValueType.Double with { HasMixedKinds = kinds.Count > 1 || types.Exists(t => t.HasMixedKinds), HasOwnText = types.Exists(t => t.HasOwnText) }, AsDouble);
        if (kinds is [ValueKind.Date or ValueKind.Time or ValueKind.DateTime])
            return types[0] with { Scale = types.Max(t => t.Scale), IsChosen = true };
        if (kinds.TrueForAll(k => k is ValueKind.Date or ValueKind.DateTime))
            return ConvertAll(results, new ValueType(ValueKind.DateTime) { Scale = types.Max(t => t.Scale), IsChosen = true }, AsDateTime);
        if (kinds.Contains(ValueKind.Double))
            throw new ExpressionException(position, "a choice between a floating-point number and text or a date is not supported", "convert with CAST");
        var isMember = results.Any(r => r.Type.IsChosen || r.Type.IsTemporal || r is ColumnNode { IsMember: true });
        ConvertAll(results, default, AsText);
        if (results.Any(r => r.Type.Collation is { IsBinary: true }) && results.Any(r => r.Type.Collation is { IsBinary: false } && !(r is Constant { IsNull: false } constant && Ascii.IsValid(constant.Value.Text))))
            throw new ExpressionException(position, "a choice between bytes and text is not supported", "use BINARY on all, or on none");
        return Agree(position, results) with { IsChosen = isMember };
    }

    private ValueType ToOneIntegerType(int position, Node[] results, List<ValueType> types)
    {
        var hasOwnText = types.Exists(t => t.HasOwnText);
        if (IsOlderMySql && Array.Exists(results, CanBeHuge) && Array.Exists(results, r => r.Type.Kind == ValueKind.Null))
            throw new ExpressionException(position, "before MySQL 8.0 an unsigned integer is taken for a signed one in a choice with NULL", "leave NULL out");
        if (types.TrueForAll(t => t.IsUnsigned == types[0].IsUnsigned))
            return types[0] with { HasOwnText = hasOwnText };
        if (IsOlderMySql)
            throw new ExpressionException(position, "before MySQL 8.0 a choice between signed and unsigned integers is not made by value", "use CAST(... AS SIGNED)");
        return ConvertAll(results, ValueType.Decimal(0) with { HasOwnText = hasOwnText, HasMixedSigns = true }, AsDecimal);
    }

    private static ValueType ConvertAll(Node[] results, ValueType type, Func<Node, Node> convert)
    {
        for (var i = 0; i < results.Length; i++)
        {
            if (results[i].Type.Kind != ValueKind.Null)
                results[i] = convert(results[i]);
        }

        return type;
    }

    private static Node AsDecimal(Node node) => node.Type.Kind == ValueKind.Decimal ? node : Folding.Make(ValueType.Decimal(0), node.Position, [node],
        static (Node[] a, scoped ref readonly Row row) => a[0].Evaluate(in row) is { IsNull: false } v ? Value.OfDecimal(v.Number) : Value.Null);

    private static Node AsDateTime(Node node) => node.Type.Kind == ValueKind.DateTime ? node : Folding.Make(new ValueType(ValueKind.DateTime), node.Position, [node],
        static (Node[] a, scoped ref readonly Row row) => a[0].Evaluate(in row) is { IsNull: false } v ? Value.OfTemporal(ValueKind.DateTime, v.Temporal) : Value.Null);
}
