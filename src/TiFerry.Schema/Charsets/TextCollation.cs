using System.Buffers;
using System.Text;
using TiFerry.MySql;

namespace TiFerry.Schema.Charsets;

/// <summary>
/// Compares text exactly as the servers do under one collation. Text is given in UTF-8 whatever the collation's character set is, and as bytes for <c>binary</c>.
/// Known are <c>binary</c>; of utf8mb4 and utf8mb3 <c>_bin</c>, <c>_general_ci</c>, <c>_unicode_ci</c>, <c>_unicode_520_ci</c>, MySQL's <c>_0900_ai_ci</c> and
/// <c>_0900_bin</c> and MariaDB's <c>_uca1400_ai_ci</c>; of latin1 <c>_bin</c>, <c>_swedish_ci</c>, <c>_general_ci</c>, <c>_general_cs</c>, <c>_danish_ci</c>,
/// <c>_spanish_ci</c> and <c>_german1_ci</c>; of ascii <c>_bin</c> and <c>_general_ci</c>; and MariaDB's nopad variants of them.
/// </summary>
public sealed class TextCollation
{
    private static readonly string[] Latin1Order = ["swedish_ci", "general_ci", "general_cs", "danish_ci", "spanish_ci", "german1_ci"];
    private static readonly byte[] Latin1Weights = PackedIntegers.Unpack("latin1");
    private static readonly CaseTable GeneralCase = CaseTable.Read("case-general");
    private static readonly CaseTable Uca520Case = CaseTable.Read("case-uca520");
    private static readonly CaseTable Uca900Case = CaseTable.Read("case-uca900");
    private static readonly CaseTable Uca1400Case = CaseTable.Read("case-uca1400");

    // The characters of latin1's places 80 to 9F: Windows-1252, its free places filled with control characters.
    private const string Windows1252 =
        "\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D\u008F\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u009D\u017E\u0178";

    private readonly WeightTable? _table;
    private readonly byte[]? _byteWeights;
    private readonly CaseTable _case;
    private readonly bool _padsSpace;
    private readonly bool _ignoresZero;

    private TextCollation(Collation collation, WeightTable? table, byte[]? byteWeights, CaseTable letters)
    {
        var traits = CollationTraits.Of(collation);
        Name = collation.Name;
        Charset = collation.Charset;
        _table = table;
        _byteWeights = byteWeights;
        _case = letters;
        _padsSpace = traits.PadsSpace;
        _ignoresZero = traits.Family is not (CollationFamily.Binary or CollationFamily.Simple);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its character set.</summary>
    public string Charset { get; }

    /// <summary>Whether it compares bytes that are no text.</summary>
    public bool IsBinary => Charset == "binary";

    /// <summary>Whether it tells all characters apart.</summary>
    public bool IsByCode => _table is null && _byteWeights is null;

    /// <summary>The collation of that name; null for one that is unknown or whose order is not known exactly.</summary>
    /// <param name="name">The name in any letter case, also in the older spelling <c>utf8_...</c>.</param>
    /// <param name="flavour">Whose collation it is.</param>
    public static TextCollation? Find(string name, ServerFlavour flavour)
    {
        if (Collations.ByName(name, flavour) is not { } collation)
            return null;
        var traits = CollationTraits.Of(collation);
        var rest = collation.Name.Length > collation.Charset.Length ? collation.Name[(collation.Charset.Length + 1)..].Replace("nopad_", "", StringComparison.Ordinal) : "";
        return (collation.Charset, rest) switch
        {
            ("binary", _) => new TextCollation(collation, null, null, GeneralCase),
            ("utf8mb3" or "utf8mb4", "bin") => new TextCollation(collation, null, null, GeneralCase),
            ("utf8mb4", "0900_bin") => new TextCollation(collation, null, null, Uca900Case),
            ("utf8mb3" or "utf8mb4", "general_ci") => new TextCollation(collation, WeightTable.General, null, GeneralCase),
            ("utf8mb3" or "utf8mb4", "unicode_ci") => new TextCollation(collation, WeightTable.Uca400, null, GeneralCase),
            ("utf8mb3" or "utf8mb4", "unicode_520_ci") => new TextCollation(collation, WeightTable.Uca520, null, Uca520Case),
            ("utf8mb4", "0900_ai_ci") => new TextCollation(collation, WeightTable.Uca900, null, Uca900Case),
            ("utf8mb3" or "utf8mb4", "uca1400_ai_ci") => new TextCollation(collation, WeightTable.Uca1400, null, Uca1400Case),
            ("latin1", "bin") => new TextCollation(collation, null, [.. Enumerable.Range(0, 256).Select(i => (byte)i)], CaseTable.Latin1),
            ("latin1", _) when Array.IndexOf(Latin1Order, rest) is >= 0 and var at => new TextCollation(collation, null, Latin1Weights[(at * 256)..((at + 1) * 256)], CaseTable.Latin1),
            ("ascii", "bin") => new TextCollation(collation, null, null, GeneralCase),
            ("ascii", "general_ci") => new TextCollation(collation, WeightTable.General, null, GeneralCase),
            _ => null,
        };
    }

    /// <summary>Less than 0, 0 or more than 0, as the left side sorts before, with or after the right one.</summary>
    public int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => Compare(left, right, _padsSpace);

    /// <summary>Whether the collation finds both sides equal.</summary>
    public bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => left.SequenceEqual(right) || Compare(left, right, _padsSpace) == 0;

    /// <summary>
    /// The place of the first match, in bytes, or -1; for LOCATE and INSTR. The servers compare pieces of the same number of bytes.
    /// </summary>
    public int IndexOf(ReadOnlySpan<byte> text, ReadOnlySpan<byte> wanted)
    {
        for (var at = 0; at + wanted.Length <= text.Length; at += LengthAt(text[at..]))
        {
            var piece = text.Slice(at, wanted.Length);
            if (piece.SequenceEqual(wanted) || (!IsByCode && Compare(piece, wanted, padsSpace: false) == 0))
                return at;
        }

        return -1;
    }

    /// <summary>Whether text matches a pattern of LIKE.</summary>
    /// <param name="text">The text.</param>
    /// <param name="pattern">The pattern: <c>%</c> for any characters, <c>_</c> for one.</param>
    /// <param name="escape">The code of the character that takes a wildcard's meaning away; -1 for none.</param>
    public bool Matches(ReadOnlySpan<byte> text, ReadOnlySpan<byte> pattern, int escape)
    {
        // Where the last % stands, and how far the text has been given to it.
        var retryPattern = ReadOnlySpan<byte>.Empty;
        var retryText = ReadOnlySpan<byte>.Empty;
        var canRetry = false;
        while (true)
        {
            if (pattern.IsEmpty)
            {
                if (text.IsEmpty)
                    return true;
            }
            else
            {
                var sign = Decode(pattern, out var width);
                var rest = pattern[width..];
                var isEscaped = sign == escape && !rest.IsEmpty;
                if (isEscaped)
                {
                    sign = Decode(rest, out width);
                    rest = rest[width..];
                }

                if (!isEscaped && sign == '%')
                {
                    retryPattern = pattern = rest;
                    retryText = text;
                    canRetry = true;
                    continue;
                }

                if (!text.IsEmpty)
                {
                    var code = Decode(text, out width);
                    if ((!isEscaped && sign == '_') || IsSameCharacter(code, sign))
                    {
                        text = text[width..];
                        pattern = rest;
                        continue;
                    }
                }
            }

            if (!canRetry || retryText.IsEmpty)
                return false;
            retryText = retryText[LengthAt(retryText)..];
            text = retryText;
            pattern = retryPattern;
        }
    }

    /// <summary>The capital letter of a character, else the character.</summary>
    public int ToUpper(int code) => IsBinary ? code : _case.ToUpper(code);

    /// <summary>The small letter of a character, else the character.</summary>
    public int ToLower(int code) => IsBinary ? code : _case.ToLower(code);

    /// <summary>Whether the text can be written in the collation's character set.</summary>
    public bool CanHold(ReadOnlySpan<byte> text)
    {
        if (Charset is "utf8mb4" or "binary" || Ascii.IsValid(text))
            return true;
        if (Charset == "ascii")
            return false;
        for (; !text.IsEmpty; text = text[LengthAt(text)..])
        {
            var code = Decode(text, out _);
            if (Charset == "latin1" ? Latin1ByteOf(code) < 0 : code > 0xFFFF)
                return false;
        }

        return true;
    }

    /// <summary>The bytes that text takes in the collation's character set.</summary>
    public int ByteLengthOf(ReadOnlySpan<byte> text) => Charset == "latin1" ? CharacterCount(text) : text.Length;

    /// <summary>The number of characters; of bytes for <c>binary</c>.</summary>
    public int CharacterCount(ReadOnlySpan<byte> text)
    {
        if (IsBinary)
            return text.Length;
        var count = 0;
        foreach (var b in text)
            count += (b & 0xC0) != 0x80 ? 1 : 0;
        return count;
    }

    /// <summary>The bytes of the first character.</summary>
    public int LengthAt(ReadOnlySpan<byte> text)
    {
        if (IsBinary || text[0] < 0x80)
            return 1;
        Decode(text, out var width);
        return width;
    }

    /// <summary>The code of the first character; a byte that begins none stands for itself.</summary>
    public int Decode(ReadOnlySpan<byte> text, out int width)
    {
        if (!IsBinary && text[0] >= 0x80 && Rune.DecodeFromUtf8(text, out var rune, out width) == OperationStatus.Done)
            return rune.Value;
        width = 1;
        return text[0];
    }

    /// <summary>Turns bytes in latin1 into UTF-8; <paramref name="destination"/> takes three bytes for each.</summary>
    public static int FromLatin1(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        var written = 0;
        foreach (var b in text)
            written += new Rune(b is >= 0x80 and <= 0x9F ? Windows1252[b - 0x80] : (char)b).EncodeToUtf8(destination[written..]);
        return written;
    }

    private static int Latin1ByteOf(int code)
    {
        if (code is < 0x80 or (>= 0xA0 and <= 0xFF))
            return code;
        var at = code <= 0xFFFF ? Windows1252.IndexOf((char)code) : -1;
        return at < 0 ? -1 : 0x80 + at;
    }

    private int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, bool padsSpace)
    {
        if (IsByCode && !padsSpace)
            return left.SequenceCompareTo(right);
        Span<ushort> leftRoom = stackalloc ushort[2];
        Span<ushort> rightRoom = stackalloc ushort[2];
        var leftWeights = new WeightReader(this, left, leftRoom);
        var rightWeights = new WeightReader(this, right, rightRoom);
        var space = _table is null ? ' ' : _table.Of(' ', leftRoom)[0];
        while (true)
        {
            var l = leftWeights.Next();
            var r = rightWeights.Next();
            if (l < 0 && r < 0)
                return 0;
            if (padsSpace)
            {
                l = l < 0 ? space : l;
                r = r < 0 ? space : r;
            }

            if (l != r)
                return l < r ? -1 : 1;
        }
    }

    private bool IsSameCharacter(int left, int right)
    {
        if (left == right)
            return true;
        if (_byteWeights is not null)
            return Latin1ByteOf(left) is >= 0 and var l && Latin1ByteOf(right) is >= 0 and var r && _byteWeights[l] == _byteWeights[r];
        if (_table is null)
            return false;
        Span<ushort> leftRoom = stackalloc ushort[2];
        Span<ushort> rightRoom = stackalloc ushort[2];
        return _table.Of(left, leftRoom).SequenceEqual(_table.Of(right, rightRoom));
    }

    /// <summary>Gives out the weights of a text one by one.</summary>
    private ref struct WeightReader
    {
        private readonly TextCollation _collation;
        private readonly Span<ushort> _room;
        private ReadOnlySpan<byte> _text;
        private ReadOnlySpan<ushort> _pending;

        public WeightReader(TextCollation collation, ReadOnlySpan<byte> text, Span<ushort> room)
        {
            _collation = collation;
            _text = text;
            _room = room;
            _pending = default;
        }

        /// <summary>The next weight; -1 at the end.</summary>
        public int Next()
        {
            while (_pending.IsEmpty)
            {
                if (_text.IsEmpty)
                    return -1;
                var code = _collation.Decode(_text, out var width);
                _text = _text[width..];
                if (_collation._byteWeights is { } byteWeights)
                    return Latin1ByteOf(code) is >= 0 and var b ? byteWeights[b] : code;
                if (_collation._table is not { } table)
                    return code;
                if (table.HasSequences && table.SequenceAt(code, _text) is { } sequence)
                {
                    _text = _text[sequence.Following.Length..];
                    _pending = sequence.Weights;
                }
                else
                {
                    _pending = table.Of(code, _room);
                }

                if (!_collation._ignoresZero)
                    break;
            }

            var weight = _pending[0];
            _pending = _pending[1..];
            return weight;
        }
    }
}
