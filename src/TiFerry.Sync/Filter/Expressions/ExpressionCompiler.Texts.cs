using System.Security.Cryptography;
using System.Text;
using TiFerry.Binlog.Checksums;
using TiFerry.Schema.Charsets;
using TiFerry.Schema.Expressions;

namespace TiFerry.Sync.Filter.Expressions;

/// <content>Functions of texts (MySQL manual, "String Functions and Operators").</content>
internal sealed partial class ExpressionCompiler
{
    private Node[] AllText(Node[] arguments) => [.. arguments.Select(AsText)];

    // What a function makes of texts insists on its collation no more than a column does.
    private ValueType TextType(int position, params ReadOnlySpan<Node> texts)
    {
        var type = Agree(position, texts);
        return type.Collation is null ? ValueType.Text(_connection, Coercibility.Coercible) : type;
    }

    private Node ChangeCase(int position, Node operand, bool isUpper)
    {
        operand = AsText(operand);
        var type = TextType(position, operand);
        var collation = type.Collation!;
        return Folding.Make(type, position, [operand], (Node[] a, scoped ref readonly Row row) =>
        {
            var v = a[0].Evaluate(in row);
            if (v.IsNull || collation.IsBinary)
                return v;
            // No letter's partner takes more than three bytes for its two.
            var text = row.Scratch.Take(v.Text.Length * 2);
            var written = 0;
            for (var rest = v.Text; !rest.IsEmpty;)
            {
                var code = collation.Decode(rest, out var width);
                rest = rest[width..];
                written += new Rune(isUpper ? collation.ToUpper(code) : collation.ToLower(code)).EncodeToUtf8(text[written..]);
            }

            return Value.OfText(text[..written]);
        });
    }

    private Node ByteLength(int position, Node operand)
    {
        operand = AsText(operand);
        var collation = TextType(position, operand).Collation!;
        return Folding.Make(ValueType.Integer, position, [operand], (Node[] a, scoped ref readonly Row row) =>
            a[0].Evaluate(in row) is { IsNull: false } v ? Value.OfInteger(collation.ByteLengthOf(v.Text)) : Value.Null);
    }

    private Node CharacterLength(int position, Node operand)
    {
        operand = AsText(operand);
        var collation = TextType(position, operand).Collation!;
        return Folding.Make(ValueType.Integer, position, [operand], (Node[] a, scoped ref readonly Row row) =>
            a[0].Evaluate(in row) is { IsNull: false } v ? Value.OfInteger(collation.CharacterCount(v.Text)) : Value.Null);
    }

    private Node Concat(int position, Node[] arguments)
    {
        arguments = AllText(arguments);
        return Folding.Make(TextType(position, arguments), position, arguments, static (Node[] a, scoped ref readonly Row row) =>
        {
            var text = ReadOnlySpan<byte>.Empty;
            foreach (var argument in a)
            {
                var v = argument.Evaluate(in row);
                if (v.IsNull)
                    return v;
                text = Join(text, v.Text, row.Scratch);
            }

            return Value.OfText(text);
        });
    }

    private Node ConcatWithSeparator(int position, Node[] arguments)
    {
        arguments = AllText(arguments);
        if (arguments[0] is not Constant)
            throw new ExpressionException(arguments[0].Position, "the separator is a constant in quotes");
        return Folding.Make(TextType(position, arguments), position, arguments, static (Node[] a, scoped ref readonly Row row) =>
        {
            var separator = a[0].Evaluate(in row);
            if (separator.IsNull)
                return separator;
            var text = ReadOnlySpan<byte>.Empty;
            var isFirst = true;
            for (var i = 1; i < a.Length; i++)
            {
                var v = a[i].Evaluate(in row);
                if (v.IsNull)
                    continue;
                text = isFirst ? v.Text : Join(Join(text, separator.Text, row.Scratch), v.Text, row.Scratch);
                isFirst = false;
            }

            return Value.OfText(text);
        });
    }

    private static ReadOnlySpan<byte> Join(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Scratch scratch)
    {
        if (left.IsEmpty || right.IsEmpty)
            return left.IsEmpty ? right : left;
        var joined = scratch.Take(left.Length + right.Length);
        left.CopyTo(joined);
        right.CopyTo(joined[left.Length..]);
        return joined;
    }

    private Node Substring(int position, Node[] arguments)
    {
        var text = AsText(arguments[0]);
        var type = TextType(position, text);
        var collation = type.Collation!;
        RequireConstantCut(text, arguments);
        Node[] all = [text, .. arguments.Skip(1).Select(AsInteger)];
        return Folding.Make(type, position, all, (Node[] a, scoped ref readonly Row row) =>
        {
            var v = a[0].Evaluate(in row);
            if (v.IsNull)
                return Value.Null;
            var start = a[1].Evaluate(in row);
            if (start.IsNull)
                return Value.Null;
            var length = a.Length > 2 ? a[2].Evaluate(in row) : Value.OfInteger(long.MaxValue);
            return length.IsNull ? Value.Null : Value.OfText(Cut(collation, v.Text, start.Number.Integer, length.Number.Integer));
        });
    }

    // Some servers change a constant in place when they cut it for one row.
    private static void RequireConstantCut(Node text, Node[] arguments)
    {
        if (text is Constant && Array.Exists(arguments, a => a is not Constant))
            throw new ExpressionException(text.Position, "a constant is cut by constants only", "use CASE");
    }

    private static ReadOnlySpan<byte> Cut(TextCollation collation, ReadOnlySpan<byte> text, Int128 start, Int128 length)
    {
        if (start == 0 || length <= 0)
            return default;
        var count = collation.CharacterCount(text);
        if (start < 0)
            start += count + 1;
        if (start <= 0 || start > count)
            return default;
        text = text[OffsetOf(collation, text, (int)start - 1)..];
        return length >= count ? text : text[..OffsetOf(collation, text, (int)length)];
    }

    private static int OffsetOf(TextCollation collation, ReadOnlySpan<byte> text, int characters)
    {
        var at = 0;
        while (characters-- > 0 && at < text.Length)
            at += collation.LengthAt(text[at..]);
        return at;
    }

    private Node Side(int position, Node[] arguments, bool isRight)
    {
        var text = AsText(arguments[0]);
        var type = TextType(position, text);
        var collation = type.Collation!;
        RequireConstantCut(text, arguments);
        return Folding.Make(type, position, [text, AsInteger(arguments[1])], (Node[] a, scoped ref readonly Row row) =>
        {
            var v = a[0].Evaluate(in row);
            if (v.IsNull)
                return Value.Null;
            var length = a[1].Evaluate(in row);
            if (length.IsNull)
                return Value.Null;
            var wanted = length.Number.Integer;
            var count = collation.CharacterCount(v.Text);
            if (wanted >= count)
                return v;
            if (wanted <= 0)
                return Value.OfText(default);
            return Value.OfText(isRight ? v.Text[OffsetOf(collation, v.Text, count - (int)wanted)..] : v.Text[..OffsetOf(collation, v.Text, (int)wanted)]);
        });
    }

    private Node CompileTrim(TrimExpression trim) =>
        Trim(trim.Position, trim.Sides, trim.Removed is null ? null : CompileUsable(trim.Removed), CompileUsable(trim.Operand));

    private Node Trim(int position, TrimSides sides, Node? removed, Node operand)
    {
        operand = AsText(operand);
        removed = removed is null ? new Constant(Value.OfText(" "u8), ValueType.Text(_connection, Coercibility.Numeric), position) : AsText(removed);
        return Folding.Make(TextType(position, operand, removed), position, [operand, removed], (Node[] a, scoped ref readonly Row row) =>
        {
            var v = a[0].Evaluate(in row);
            if (v.IsNull)
                return Value.Null;
            var cut = a[1].Evaluate(in row);
            if (cut.IsNull)
                return Value.Null;
            var text = v.Text;
            if (cut.Text.IsEmpty)
                return v;
            while (sides.HasFlag(TrimSides.Leading) && text.StartsWith(cut.Text))
                text = text[cut.Text.Length..];
            while (sides.HasFlag(TrimSides.Trailing) && text.EndsWith(cut.Text))
                text = text[..^cut.Text.Length];
            return Value.OfText(text);
        });
    }

    private Node Replace(int position, Node[] arguments)
    {
        RefuseLiterals(arguments);
        if (arguments[0] is Constant || arguments.Any(a => a is not Constant && a.Type.Collation?.Name != arguments[0].Type.Collation?.Name))
            throw new ExpressionException(position, "REPLACE is supported in text that is no constant, with constants or texts of its collation", "use CASE");
        arguments = AllText(arguments);
        return Folding.Make(TextType(position, arguments), position, arguments, static (Node[] a, scoped ref readonly Row row) =>
        {
            var v = a[0].Evaluate(in row);
            if (v.IsNull)
                return Value.Null;
            var from = a[1].Evaluate(in row);
            if (from.IsNull)
                return Value.Null;
            var to = a[2].Evaluate(in row);
            if (to.IsNull)
                return Value.Null;
            if (from.Text.IsEmpty)
                return v;
            var rest = v.Text;
            var result = ReadOnlySpan<byte>.Empty;
            for (var at = rest.IndexOf(from.Text); at >= 0; at = rest.IndexOf(from.Text))
            {
                result = Join(Join(result, rest[..at], row.Scratch), to.Text, row.Scratch);
                rest = rest[(at + from.Text.Length)..];
            }

            return Value.OfText(Join(result, rest, row.Scratch));
        });
    }

    private Node Reverse(int position, Node operand)
    {
        operand = AsText(operand);
        var type = TextType(position, operand);
        var collation = type.Collation!;
        return Folding.Make(type, position, [operand], (Node[] a, scoped ref readonly Row row) =>
        {
            var v = a[0].Evaluate(in row);
            if (v.IsNull)
                return Value.Null;
            var reversed = row.Scratch.Take(v.Text.Length);
            var end = reversed.Length;
            for (var rest = v.Text; !rest.IsEmpty;)
            {
                var width = collation.LengthAt(rest);
                end -= width;
                rest[..width].CopyTo(reversed[end..]);
                rest = rest[width..];
            }

            return Value.OfText(reversed);
        });
    }

    private Node Pad(int position, Node[] arguments, bool isLeft)
    {
        const int Longest = 65_535;
        var text = AsText(arguments[0]);
        var padding = AsText(arguments[2]);
        var type = TextType(position, text, padding);
        var collation = type.Collation!;
        if (padding is not Constant { IsNull: false } filling || filling.Value.Text.IsEmpty)
            throw new ExpressionException(padding.Position, "what is filled in is a constant that is not empty");
        if (arguments[1] is not Constant { IsNull: false, Type.Kind: ValueKind.Integer } constant || !constant.Value.Number.IsWithin(0, Longest))
            throw new ExpressionException(arguments[1].Position, $"the length is a constant from 0 to {Longest}");
        var wanted = (int)constant.Value.Number.Integer;
        return Folding.Make(type, position, [text, padding], (Node[] a, scoped ref readonly Row row) =>
        {
            var v = a[0].Evaluate(in row);
            if (v.IsNull)
                return Value.Null;
            var filler = a[1].Evaluate(in row);
            if (filler.IsNull)
                return Value.Null;
            var missing = wanted - collation.CharacterCount(v.Text);
            if (missing <= 0)
                return Value.OfText(v.Text[..OffsetOf(collation, v.Text, wanted)]);
            var padding = ReadOnlySpan<byte>.Empty;
            var width = collation.CharacterCount(filler.Text);
            for (; missing >= width; missing -= width)
                padding = Join(padding, filler.Text, row.Scratch);
            padding = Join(padding, filler.Text[..OffsetOf(collation, filler.Text, missing)], row.Scratch);
            return Value.OfText(isLeft ? Join(padding, v.Text, row.Scratch) : Join(v.Text, padding, row.Scratch));
        });
    }

    private Node Locate(int position, Node wanted, Node text, Node? start)
    {
        wanted = AsText(wanted);
        text = AsText(text);
        var collation = TextType(position, wanted, text).Collation!;
        RequirePlainSearch(wanted, text);
        if (!collation.IsBinary && !collation.Name.EndsWith("_bin", StringComparison.Ordinal) && !collation.Name.EndsWith("_general_ci", StringComparison.Ordinal))
            throw new ExpressionException(position, $"how the servers look for text under {collation.Name} is not known exactly", "use LIKE '%...%', or COLLATE utf8mb4_bin");
        if (IsNewerMySql && !collation.IsByCode && collation.Charset != "latin1")
            throw new ExpressionException(position, $"how MySQL 8.0 and later look for text under {collation.Name} is not known exactly", "use LIKE '%...%', or COLLATE utf8mb4_bin");
        Node[] all = start is null ? [wanted, text] : [wanted, text, AsInteger(start)];
        return Folding.Make(ValueType.Integer, position, all, (Node[] a, scoped ref readonly Row row) =>
        {
            var part = a[0].Evaluate(in row);
            if (part.IsNull)
                return Value.Null;
            var whole = a[1].Evaluate(in row);
            if (whole.IsNull)
                return Value.Null;
            var from = a.Length > 2 ? a[2].Evaluate(in row) : Value.OfInteger(1);
            if (from.IsNull)
                return Value.Null;
            var count = collation.CharacterCount(whole.Text);
            if (from.Number.Integer < 1 || from.Number.Integer > count + 1)
                return Value.OfInteger(0);
            var skipped = (int)from.Number.Integer - 1;
            var rest = whole.Text[OffsetOf(collation, whole.Text, skipped)..];
            if (part.Text.IsEmpty)
                return Value.OfInteger(skipped + 1);
            var at = collation.IndexOf(rest, part.Text);
            return Value.OfInteger(at < 0 ? 0 : skipped + collation.CharacterCount(rest[..at]) + 1);
        });
    }

    // Other texts are searched in a collation that each server chooses in its own way.
    private static void RequirePlainSearch(Node wanted, Node text)
    {
        if (wanted is not Constant { IsBinaryLiteral: false } constant || (!constant.IsNull && !Ascii.IsValid(constant.Value.Text)))
            throw new ExpressionException(wanted.Position, "what is looked for is a constant in ASCII", "use LIKE");
        if (text is Constant)
            throw new ExpressionException(text.Position, "a constant is searched by a rule of each server's own", "use IN, or OR");
    }

    private Node CompareTexts(int position, Node[] arguments)
    {
        arguments = AllText(arguments);
        var collation = TextType(position, arguments).Collation!;
        return Folding.Make(ValueType.Integer, position, arguments, (Node[] a, scoped ref readonly Row row) =>
        {
            var left = a[0].Evaluate(in row);
            if (left.IsNull)
                return Value.Null;
            var right = a[1].Evaluate(in row);
            return right.IsNull ? Value.Null : Value.OfInteger(Math.Sign(collation.Compare(left.Text, right.Text)));
        });
    }

    private static Node Field(int position, Node[] arguments)
    {
        var kinds = arguments.Select(a => a.Type.Kind).Where(k => k != ValueKind.Null).Distinct().ToList();
        if (kinds.Exists(k => k is not (ValueKind.Text or ValueKind.Integer)) || kinds.Count > 1)
            throw new ExpressionException(position, "FIELD is supported with texts only, or with integers only", "use CASE");
        var collation = kinds is [ValueKind.Text] ? Agree(position, arguments).Collation : null;
        if (collation is not null && arguments.Any(a => a.Type.Collation is { } own && own.Name != collation.Name))
            throw new ExpressionException(position, "FIELD is supported with texts of one collation only", "use CASE");
        return Folding.Make(ValueType.Integer, position, arguments, (Node[] a, scoped ref readonly Row row) =>
        {
            var wanted = a[0].Evaluate(in row);
            for (var i = 1; i < a.Length && !wanted.IsNull; i++)
            {
                var next = a[i].Evaluate(in row);
                if (!next.IsNull && (collation is null ? ExactNumber.Compare(wanted.Number, next.Number) == 0 : collation.AreEqual(wanted.Text, next.Text)))
                    return Value.OfInteger(i);
            }

            return Value.OfInteger(0);
        });
    }

    private Node FindInSet(int position, Node[] arguments)
    {
        arguments = AllText(arguments);
        var collation = TextType(position, arguments).Collation!;
        RequirePlainSearch(arguments[0], arguments[1]);
        return Folding.Make(ValueType.Integer, position, arguments, (Node[] a, scoped ref readonly Row row) =>
        {
            var wanted = a[0].Evaluate(in row);
            if (wanted.IsNull)
                return Value.Null;
            var list = a[1].Evaluate(in row);
            if (list.IsNull)
                return Value.Null;
            if (list.Text.IsEmpty || wanted.Text.Contains((byte)','))
                return Value.OfInteger(0);
            var place = 0;
            foreach (var range in list.Text.Split((byte)','))
            {
                place++;
                // The elements are not filled up with spaces before they are compared.
                if (SpacesAtEnd(list.Text[range]) == SpacesAtEnd(wanted.Text) && collation.AreEqual(list.Text[range], wanted.Text))
                    return Value.OfInteger(place);
            }

            return Value.OfInteger(0);
        });
    }

    private static int SpacesAtEnd(ReadOnlySpan<byte> text) => text.Length - text.TrimEnd((byte)' ').Length;

    private Node Hex(int position, Node operand)
    {
        var type = ValueType.Text(_connection, Coercibility.Coercible);
        if (operand.Type.Kind == ValueKind.Integer)
        {
            return Folding.Make(type, position, [operand], static (Node[] a, scoped ref readonly Row row) =>
            {
                var v = a[0].Evaluate(in row);
                if (v.IsNull)
                    return v;
                var text = row.Scratch.Take(16);
                Bits(v).TryFormat(text, out var length, "X", System.Globalization.CultureInfo.InvariantCulture);
                return Value.OfText(text[..length]);
            });
        }

        if (operand.Type.Kind is ValueKind.Decimal or ValueKind.Double)
            throw new ExpressionException(position, "HEX of a number with a fraction is not supported", "use CAST(... AS SIGNED)");
        return Folding.Make(type, position, [Bytes(operand, "HEX")], static (Node[] a, scoped ref readonly Row row) =>
        {
            var v = a[0].Evaluate(in row);
            if (v.IsNull)
                return v;
            var text = row.Scratch.Take(v.Text.Length * 2);
            for (var i = 0; i < v.Text.Length; i++)
            {
                text[2 * i] = Digit(v.Text[i] >> 4);
                text[(2 * i) + 1] = Digit(v.Text[i] & 0xF);
            }

            return Value.OfText(text);
        });
    }

    private static byte Digit(int value) => (byte)"0123456789ABCDEF"[value];

    private Node Bytes(Node operand, string function)
    {
        operand = AsText(operand);
        return operand.Type.Collation is { Charset: "latin1" }
            ? throw new ExpressionException(operand.Position, $"{function} of text in latin1 is not supported", "use BINARY on the column")
            : operand;
    }

    private Node Md5(int position, Node operand) => Folding.Make(ValueType.Text(_connection, Coercibility.Coercible), position, [Bytes(operand, "MD5")], static (Node[] a, scoped ref readonly Row row) =>
    {
        var v = a[0].Evaluate(in row);
        if (v.IsNull)
            return v;
        Span<byte> hash = stackalloc byte[16];
#pragma warning disable CA5351 // It is what the function computes, not a protection.
        MD5.HashData(v.Text, hash);
#pragma warning restore CA5351
        var text = row.Scratch.Take(32);
        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash), text);
        return Value.OfText(text);
    });

    private Node Checksum(int position, Node operand) => Folding.Make(ValueType.Unsigned, position, [Bytes(operand, "CRC32")], static (Node[] a, scoped ref readonly Row row) =>
        a[0].Evaluate(in row) is { IsNull: false } v ? Value.OfInteger(Crc32.Compute(v.Text)) : Value.Null);

    private Node FirstByte(int position, Node operand) => Folding.Make(ValueType.Integer, position, [Bytes(operand, "ASCII")], static (Node[] a, scoped ref readonly Row row) =>
        a[0].Evaluate(in row) is { IsNull: false } v ? Value.OfInteger(v.Text.IsEmpty ? 0 : v.Text[0]) : Value.Null);
}
