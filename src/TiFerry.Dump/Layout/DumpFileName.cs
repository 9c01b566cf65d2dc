using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using TiFerry.Schema.Tables;

namespace TiFerry.Dump.Layout;

/// <summary>
/// The name of a file in a dump's folder, in Dumpling's layout (https://docs.pingcap.com/tidb/stable/dumpling-overview), which is Mydumper's with another escape
/// for special characters.
/// </summary>
/// <param name="Kind">What the file holds.</param>
/// <param name="Object">The table or view; of a database without a table part.</param>
/// <param name="Number">The digits of a data file's name; empty where there are none.</param>
public readonly partial record struct DumpFileName(DumpFileKind Kind, TableName Object, string Number = "")
{
    /// <summary>The file that tells the binlog position, and that the dump is complete.</summary>
    public const string Metadata = "metadata";

    /// <summary>A data file's name.</summary>
    /// <param name="table">The table.</param>
    /// <param name="chunk">The range of rows, from 0.</param>
    /// <param name="file">The file within the range, from 0.</param>
    /// <param name="inRanges">Whether tables are cut into ranges.</param>
    /// <param name="inFiles">Whether files have a greatest size.</param>
    public static string OfData(TableName table, int chunk, int file, bool inRanges, bool inFiles)
    {
        var number = (inRanges, inFiles) switch
        {
            (true, true) => string.Create(CultureInfo.InvariantCulture, $"{chunk:D9}{file:D4}"),
            (false, true) => file.ToString("D9", CultureInfo.InvariantCulture),
            _ => chunk.ToString("D9", CultureInfo.InvariantCulture),
        };
        return new DumpFileName(DumpFileKind.Data, table, number).ToString();
    }

    /// <summary>The name.</summary>
    public override string ToString() => Kind switch
    {
        DumpFileKind.Database => $"{Escape(Object.Schema)}-schema-create.sql",
        DumpFileKind.Table => $"{Escape(Object.Schema)}.{Escape(Object.Name)}-schema.sql",
        DumpFileKind.View => $"{Escape(Object.Schema)}.{Escape(Object.Name)}-schema-view.sql",
        DumpFileKind.Data when Number.Length == 0 => $"{Escape(Object.Schema)}.{Escape(Object.Name)}.sql",
        DumpFileKind.Data => $"{Escape(Object.Schema)}.{Escape(Object.Name)}.{Number}.sql",
        _ => throw new InvalidOperationException($"files of kind {Kind} are not written"),
    };

    /// <summary>Reads a file's name.</summary>
    /// <param name="name">The name without folder.</param>
    /// <param name="result">What it stands for.</param>
    /// <returns>False for a name that no dump has.</returns>
    public static bool TryParse(string name, out DumpFileName result)
    {
        ArgumentNullException.ThrowIfNull(name);
        var match = Pattern().Match(name);
        result = default;
        if (!match.Success)
            return false;
        var schema = Unescape(match.Groups["schema"].Value);
        var table = Unescape(match.Groups["table"].Value);
        var what = match.Groups["what"].Value;
        var ending = match.Groups["ending"].Value;
        var hasTable = match.Groups["table"].Success;
        DumpFileKind? kind = (what, ending) switch
        {
            ("-schema-create", ".sql") when !hasTable => DumpFileKind.Database,
            ("-schema", ".sql") when hasTable => DumpFileKind.Table,
            ("-schema-view", ".sql") when hasTable => DumpFileKind.View,
            ("-schema-triggers" or "-schema-post" or "-schema-sequence" or "-placement-policy-create", ".sql") or ("-metadata" or "-checksum" or "-schema-checksum", "") => DumpFileKind.Other,
            ("", ".sql") when hasTable => DumpFileKind.Data,
            (_, "") => null,
            _ when hasTable || what.Length > 0 => DumpFileKind.Unsupported,
            _ => null,
        };
        if (kind is null)
            return false;
        result = new DumpFileName(kind.Value, new TableName(schema, table), match.Groups["number"].Value);
        return true;
    }

    // The bytes that Dumpling does not leave in names; of "-schema" only the hyphen.
    private static string Escape(string name) =>
        Special().Replace(name, match => string.Create(CultureInfo.InvariantCulture, $"%{(int)match.Value[0]:X2}{match.Value.AsSpan(1)}"));

    private static string Unescape(string name)
    {
        if (!name.Contains('%', StringComparison.Ordinal))
            return name;
        var bytes = new List<byte>(name.Length);
        var source = Encoding.UTF8.GetBytes(name);
        for (var i = 0; i < source.Length; i++)
        {
            if (source[i] == '%' && i + 2 < source.Length && char.IsAsciiHexDigit((char)source[i + 1]) && char.IsAsciiHexDigit((char)source[i + 2]))
            {
                bytes.Add(byte.Parse(source.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 2;
            }
            else
            {
                bytes.Add(source[i]);
            }
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }

    [GeneratedRegex("""[\x00-\x1f%"*./:<>?\\|]|-(?i:schema)""", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Special();

    [GeneratedRegex("""
        ^(?<schema>[^.]+?)(\.(?<table>[^.]+?))??
        ((?<what>-metadata|-checksum|-schema-checksum)
        |((?<what>-schema-create|-schema-view|-schema-triggers|-schema-post|-schema-sequence|-placement-policy-create|-schema)|\.(?<number>[0-9]+))?
        (?<ending>(\.sql|\.csv|\.parquet|\.dat)?(\.gz|\.zst|\.snappy|\.lz4|\.xz)?))$
        """, RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Pattern();
}
