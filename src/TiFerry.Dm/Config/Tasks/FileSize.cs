using System.Globalization;

namespace TiFerry.Dm.Config.Tasks;

/// <summary>Sizes as <c>chunk-filesize</c> has them: a number of MiB, or a number with a unit (<c>K</c>, <c>KB</c>, <c>KiB</c>, <c>M</c>, ... <c>T</c>), all of them powers of 1024.</summary>
internal static class FileSize
{
    /// <summary>Reads a size.</summary>
    /// <param name="text">The text.</param>
    /// <param name="bytes">Bytes.</param>
    /// <returns>Whether it is a size.</returns>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        var digits = text.AsSpan().TrimEnd("BKMGTibkmgt").TrimEnd();
        var unit = text[digits.Length..].Trim().ToUpperInvariant();
        int? power = unit switch
        {
            "B" => 0,
            "K" or "KB" or "KIB" => 1,
            "" or "M" or "MB" or "MIB" => 2,
            "G" or "GB" or "GIB" => 3,
            "T" or "TB" or "TIB" => 4,
            _ => null,
        };
        if (power is null || !double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return false;
        var size = number * Math.Pow(1024, power.Value);
        bytes = size < long.MaxValue ? (long)size : 0;
        return bytes > 0;
    }
}
