using TiFerry.MySql;

namespace TiFerry.Migration.Copy;

/// <summary>What the source logs of a changed row (MySQL manual, binlog_row_image).</summary>
internal static class RowImages
{
    /// <summary>Whether new sessions log rows whole. A server from before the setting, MySQL 5.5 or MariaDB 10.1.5, always does.</summary>
    public static async ValueTask<bool> AreFullAsync(MySqlConnection source, CancellationToken ct)
    {
        var rows = await source.QueryRowsAsync("SHOW GLOBAL VARIABLES LIKE 'binlog_row_image'", ct);
        return rows.Count == 0 || AreFull(rows[0][1]);
    }

    /// <summary>Whether a value of the setting means whole rows; FULL_NODUP (MariaDB 11.4) leaves out what an update did not change.</summary>
    public static bool AreFull(string? setting) => setting is null || setting.Equals("FULL", StringComparison.OrdinalIgnoreCase);
}
