using System.Globalization;
using TiFerry.Binlog;

namespace TiFerry.Dm.Worker;

/// <summary>Places of a binlog as DM shows them.</summary>
internal static class Places
{
    /// <summary>A position as <c>(mysql-bin.000003, 1234)</c>; empty where there is none.</summary>
    public static string Text(BinlogPosition? position) =>
        position is { File.Length: > 0 } known ? string.Create(CultureInfo.InvariantCulture, $"({known.File}, {known.Position})") : "";

    /// <summary>The number at the end of a file's name, for metrics; null where there is none.</summary>
    public static ulong? FileNumber(BinlogPosition? position) =>
        position is { File.Length: > 0 } known && ulong.TryParse(known.File.AsSpan(known.File.LastIndexOf('.') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
