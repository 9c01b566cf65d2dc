using System.Collections.Frozen;

namespace TiFerry.Schema.Charsets;

/// <summary>What UPPER() and LOWER() make of characters.</summary>
internal sealed class CaseTable
{
    private readonly FrozenDictionary<int, (int Upper, int Lower)> _changes;

    private CaseTable(IEnumerable<KeyValuePair<int, (int Upper, int Lower)>> changes) => _changes = changes.ToFrozenDictionary();

    /// <summary>Letters with a partner within latin1; µ, ÿ and what Windows-1252 adds have none.</summary>
    public static CaseTable Latin1 { get; } = new(
        Enumerable.Range(0xC0, 0x1F).Where(upper => upper != 0xD7)
            .SelectMany<int, KeyValuePair<int, (int Upper, int Lower)>>(upper => [new(upper, (upper, upper + 0x20)), new(upper + 0x20, (upper, upper + 0x20))]));

    public static CaseTable Read(string name)
    {
        var integers = PackedIntegers.Open(name);
        var codes = new int[integers.Read()];
        var code = -1;
        for (var i = 0; i < codes.Length; i++)
            codes[i] = code += integers.Read() + 1;
        var uppers = new int[codes.Length];
        for (var i = 0; i < codes.Length; i++)
            uppers[i] = codes[i] + integers.ReadSigned();
        var changes = new KeyValuePair<int, (int Upper, int Lower)>[codes.Length];
        for (var i = 0; i < codes.Length; i++)
            changes[i] = new(codes[i], (uppers[i], codes[i] + integers.ReadSigned()));
        return new CaseTable(changes);
    }

    public int ToUpper(int code)
    {
        if (code < 0x80)
            return code is >= 'a' and <= 'z' ? code - 0x20 : code;
        return _changes.TryGetValue(code, out var change) ? change.Upper : code;
    }

    public int ToLower(int code)
    {
        if (code < 0x80)
            return code is >= 'A' and <= 'Z' ? code + 0x20 : code;
        return _changes.TryGetValue(code, out var change) ? change.Lower : code;
    }
}
