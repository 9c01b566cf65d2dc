using System.Globalization;

namespace TiFerry.MySql;

/// <summary>What is known about the server from its greeting (and from <c>tidb_version()</c> for TiDB).</summary>
public sealed record ServerInfo
{
    private const string MariaDbReplicationPrefix = "5.5.5-";

    /// <summary>The family.</summary>
    public required ServerFlavour Flavour { get; init; }

    /// <summary>The version text as the server sent it.</summary>
    public required string VersionString { get; init; }

    /// <summary>
    /// Major, minor and patch. For MariaDB without the <c>5.5.5-</c> that it puts in front for old replicas; for TiDB the MySQL version it stands in for
    /// (its own is <see cref="TiDbVersion"/>).
    /// </summary>
    public required Version Version { get; init; }

    /// <summary>TiDB's own version; null for other servers.</summary>
    public Version? TiDbVersion { get; init; }

    /// <summary>Reads a version text such as <c>8.0.36-28</c>, <c>5.5.5-10.11.6-MariaDB-log</c> or <c>8.0.11-TiDB-v7.5.1</c>.</summary>
    /// <param name="versionString">The text of the greeting or of <c>SELECT VERSION()</c>.</param>
    public static ServerInfo Parse(string versionString)
    {
        ArgumentNullException.ThrowIfNull(versionString);
        var tidb = versionString.IndexOf("-TiDB-", StringComparison.OrdinalIgnoreCase);
        if (tidb >= 0)
        {
            return new ServerInfo
            {
                Flavour = ServerFlavour.TiDb,
                VersionString = versionString,
                Version = LeadingVersion(versionString),
                TiDbVersion = LeadingVersion(versionString.AsSpan(tidb + "-TiDB-".Length).TrimStart("vV")),
            };
        }

        var isMariaDb = versionString.Contains("MariaDB", StringComparison.OrdinalIgnoreCase);
        var number = versionString.AsSpan();
        if (isMariaDb && number.StartsWith(MariaDbReplicationPrefix))
            number = number[MariaDbReplicationPrefix.Length..];
        return new ServerInfo
        {
            Flavour = isMariaDb ? ServerFlavour.MariaDb : ServerFlavour.MySql,
            VersionString = versionString,
            Version = LeadingVersion(number),
        };
    }

    /// <summary>Whether <see cref="Version"/> is this one or a later one.</summary>
    /// <param name="major">Major.</param>
    /// <param name="minor">Minor.</param>
    /// <param name="patch">Patch.</param>
    public bool IsAtLeast(int major, int minor, int patch = 0) => Version >= new Version(major, minor, patch);

    /// <summary>Whether this is TiDB and <see cref="TiDbVersion"/> is this one or a later one.</summary>
    /// <param name="major">Major.</param>
    /// <param name="minor">Minor.</param>
    /// <param name="patch">Patch.</param>
    public bool IsTiDbAtLeast(int major, int minor, int patch = 0) => TiDbVersion is not null && TiDbVersion >= new Version(major, minor, patch);

    /// <summary>Takes over the release named by <c>SELECT tidb_version()</c>, whose first line is <c>Release Version: v7.5.1</c>.</summary>
    internal ServerInfo WithTiDbVersion(string tidbVersion)
    {
        const string label = "Release Version:";
        var at = tidbVersion.IndexOf(label, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return this;
        return this with { TiDbVersion = LeadingVersion(tidbVersion.AsSpan(at + label.Length).TrimStart().TrimStart("vV")) };
    }

    private static Version LeadingVersion(ReadOnlySpan<char> text)
    {
        Span<int> parts = stackalloc int[3];
        for (var i = 0; i < parts.Length; i++)
        {
            var digits = 0;
            while (digits < text.Length && char.IsAsciiDigit(text[digits]))
                digits++;
            if (digits == 0 || !int.TryParse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out parts[i]))
                break;
            text = text[digits..];
            if (text.IsEmpty || text[0] != '.')
                break;
            text = text[1..];
        }

        return new Version(parts[0], parts[1], parts[2]);
    }
}
