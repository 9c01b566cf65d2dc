using System.Collections.Frozen;

namespace TiFerry.Schema.Charsets;

/// <summary>The weights of every character under one collation, and of sequences that have weights of their own.</summary>
internal sealed class WeightTable
{
    private const int Pages = 0x1100;

    // Per character: where its weights start, << 4, and how many they are. A page that is null holds nothing but defaults.
    private readonly int[]?[] _pages = new int[Pages][];
    private readonly ushort[] _weights;
    private readonly (int First, int Count, int Base)[] _ideographs;
    private readonly DefaultWeight _default;
    private readonly FrozenDictionary<int, Sequence[]> _sequences;

    private WeightTable(string name, DefaultWeight rest)
    {
        _default = rest;
        var integers = PackedIntegers.Open(name);
        _ideographs = new (int, int, int)[integers.Read()];
        for (var i = 0; i < _ideographs.Length; i++)
            _ideographs[i] = (integers.Read(), integers.Read(), integers.Read());

        var codes = new int[integers.Read()];
        var code = -1;
        for (var i = 0; i < codes.Length; i++)
            codes[i] = code += integers.Read() + 1;
        var total = 0;
        foreach (var c in codes)
        {
            var page = _pages[c >> 8] ??= NewPage();
            var count = integers.Read();
            page[c & 0xFF] = (total << 4) | count;
            total += count;
        }

        _weights = new ushort[total];
        var weight = 0;
        for (var i = 0; i < total; i++)
            _weights[i] = (ushort)(weight += integers.ReadSigned());
        _sequences = ReadSequences(ref integers);
    }

    /// <summary>What characters weigh that the table does not name.</summary>
    private enum DefaultWeight
    {
        /// <summary>Their own number; FFFD beyond the basic plane.</summary>
        Code,

        /// <summary>The two weights of UCA for characters without an entry; FFFD beyond the basic plane.</summary>
        ImplicitInBasicPlane,

        /// <summary>The two weights of UCA for characters without an entry.</summary>
        Implicit,
    }

    public static WeightTable General { get => field ??= new WeightTable("general", DefaultWeight.Code); }

    public static WeightTable Uca400 { get => field ??= new WeightTable("uca400", DefaultWeight.ImplicitInBasicPlane); }

    public static WeightTable Uca520 { get => field ??= new WeightTable("uca520", DefaultWeight.Implicit); }

    public static WeightTable Uca900 { get => field ??= new WeightTable("uca900", DefaultWeight.Implicit); }

    public static WeightTable Uca1400 { get => field ??= new WeightTable("uca1400", DefaultWeight.Implicit); }

    /// <summary>Whether some sequences have weights of their own.</summary>
    public bool HasSequences => _sequences.Count > 0;

    /// <summary>The weights of one character; none for one that does not count. At most two are written to <paramref name="implicitWeights"/>.</summary>
    public ReadOnlySpan<ushort> Of(int code, Span<ushort> implicitWeights)
    {
        if (_pages[code >> 8] is { } page && page[code & 0xFF] is var entry and >= 0)
            return _weights.AsSpan(entry >> 4, entry & 0xF);
        if (_default != DefaultWeight.Implicit && code > 0xFFFF)
        {
            implicitWeights[0] = 0xFFFD;
            return implicitWeights[..1];
        }

        if (_default == DefaultWeight.Code)
        {
            implicitWeights[0] = (ushort)code;
            return implicitWeights[..1];
        }

        implicitWeights[0] = (ushort)(BaseOf(code) + (code >> 15));
        implicitWeights[1] = (ushort)(0x8000 | (code & 0x7FFF));
        return implicitWeights[..2];
    }

    /// <summary>The longest sequence with weights of its own that starts with <paramref name="code"/>; null for none.</summary>
    public Sequence? SequenceAt(int code, ReadOnlySpan<byte> following)
    {
        if (!_sequences.TryGetValue(code, out var sequences))
            return null;
        foreach (var sequence in sequences)
        {
            if (following.StartsWith(sequence.Following))
                return sequence;
        }

        return null;
    }

    private int BaseOf(int code)
    {
        foreach (var (first, count, @base) in _ideographs)
        {
            if (code >= first && code < first + count)
                return @base;
        }

        return 0xFBC0;
    }

    private static int[] NewPage()
    {
        var page = new int[256];
        page.AsSpan().Fill(-1);
        return page;
    }

    private static FrozenDictionary<int, Sequence[]> ReadSequences(ref PackedIntegers integers)
    {
        var byStart = new Dictionary<int, List<Sequence>>();
        for (var left = integers.Read(); left > 0; left--)
        {
            var length = integers.Read();
            var first = integers.Read();
            var following = string.Concat(ReadAll(ref integers, length - 1).Select(char.ConvertFromUtf32));
            var weights = ReadAll(ref integers, integers.Read()).Select(w => (ushort)w).ToArray();
            if (!byStart.TryGetValue(first, out var list))
                byStart.Add(first, list = []);
            list.Add(new Sequence(System.Text.Encoding.UTF8.GetBytes(following), weights));
        }

        return byStart.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.OrderByDescending(s => s.Following.Length).ToArray());
    }

    private static int[] ReadAll(ref PackedIntegers integers, int count)
    {
        var values = new int[count];
        for (var i = 0; i < count; i++)
            values[i] = integers.Read();
        return values;
    }

    /// <summary>Characters that weigh together.</summary>
    /// <param name="Following">What follows the first character, in UTF-8.</param>
    /// <param name="Weights">Their weights.</param>
    internal sealed record Sequence(byte[] Following, ushort[] Weights);
}
