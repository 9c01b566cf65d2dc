using System.Globalization;

namespace TiFerry.Binlog.Relay;

/// <summary>
/// Names of binlog files. Where a relay log has followed several servers, a name is qualified by the number of its sub-directory, as DM writes it:
/// <c>mysql-bin|000002.000003</c> is <c>mysql-bin.000003</c> in sub-directory 2. A plain name belongs to sub-directory 1.
/// </summary>
internal static class RelayFileName
{
    /// <summary>The number of a relay log's first sub-directory, the one whose files keep their plain names.</summary>
    public const int FirstSubDirectory = 1;

    private const char Separator = '|';

    /// <summary>Adds the number of the sub-directory, unless it is the first.</summary>
    public static string Qualify(string file, int subDirectory)
    {
        var dot = file.LastIndexOf('.');
        return subDirectory <= FirstSubDirectory || dot < 0
            ? file
            : string.Create(CultureInfo.InvariantCulture, $"{file.AsSpan(0, dot)}{Separator}{subDirectory:000000}{file.AsSpan(dot)}");
    }

    /// <summary>The plain name, and the number of the sub-directory; null where the name has none.</summary>
    public static (string File, int? SubDirectory) Split(string name)
    {
        var (bar, dot) = FindQualifier(name);
        return bar < 0
            ? (name, null)
            : (string.Concat(name.AsSpan(0, bar), name.AsSpan(dot)), int.Parse(name.AsSpan(bar + 1, dot - bar - 1), NumberStyles.None, CultureInfo.InvariantCulture));
    }

    /// <summary>The number of the sub-directory; 1 where the name has none.</summary>
    public static int SubDirectoryOf(string? name)
    {
        if (name is null || !name.Contains(Separator, StringComparison.Ordinal))
            return FirstSubDirectory;
        var (bar, dot) = FindQualifier(name);
        return bar < 0 ? FirstSubDirectory : int.Parse(name.AsSpan(bar + 1, dot - bar - 1), NumberStyles.None, CultureInfo.InvariantCulture);
    }

    /// <summary>The number at the end of a binlog file's name; false for other files.</summary>
    public static bool TryGetNumber(string file, out ulong number)
    {
        number = 0;
        var dot = file.LastIndexOf('.');
        return dot > 0 && ulong.TryParse(file.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;
    }

    /// <summary>The name that a server gives the file after this one.</summary>
    public static string Next(string file)
    {
        _ = TryGetNumber(file, out var number);
        return string.Create(CultureInfo.InvariantCulture, $"{file.AsSpan(0, file.LastIndexOf('.'))}.{number + 1:000000}");
    }

    private static (int Bar, int Dot) FindQualifier(string name)
    {
        var dot = name.LastIndexOf('.');
        var bar = dot < 0 ? -1 : name.LastIndexOf(Separator, dot);
        if (bar <= 0 || dot - bar is < 2 or > 10 || name.AsSpan(bar + 1, dot - bar - 1).ContainsAnyExceptInRange('0', '9'))
            return (-1, dot);
        return (bar, dot);
    }
}
