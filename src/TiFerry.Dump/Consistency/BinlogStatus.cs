using System.Globalization;
using TiFerry.Binlog;
using TiFerry.MySql;

namespace TiFerry.Dump.Consistency;

/// <summary>The end of a source's binlog.</summary>
/// <param name="Position">File and offset.</param>
/// <param name="Gtid">The GTID set (MySQL) or position (MariaDB) up to there; empty where the source has none.</param>
internal readonly record struct BinlogStatus(BinlogPosition Position, string Gtid)
{
    /// <summary>Reads it; null where the source writes no binlog.</summary>
    /// <exception cref="MySqlServerException">1227: the account lacks REPLICATION CLIENT (BINLOG MONITOR).</exception>
    public static async ValueTask<BinlogStatus?> ReadAsync(MySqlConnection source, CancellationToken ct)
    {
        // MySQL 8.2 renamed the statement and 8.4 took the old name away.
        var statement = source.Server.Flavour == ServerFlavour.MySql && source.Server.IsAtLeast(8, 2, 0) ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS";
        var rows = await source.QueryRowsAsync(statement, ct);
        if (rows.Count == 0)
            return null;
        var position = new BinlogPosition(rows[0][0]!, ulong.Parse(rows[0][1]!, CultureInfo.InvariantCulture));
        return new BinlogStatus(position, await GtidAtAsync(source, position, rows[0], ct));
    }

    /// <summary>The position of the snapshot that a session of MariaDB has just begun (knowledge base, "START TRANSACTION", binlog_snapshot_position); null where no binlog is written.</summary>
    public static async ValueTask<BinlogStatus?> OfSnapshotAsync(MySqlConnection source, CancellationToken ct)
    {
        var rows = await source.QueryRowsAsync("SHOW STATUS LIKE 'binlog_snapshot_%'", ct);
        var file = rows.Find(r => r[0]!.EndsWith("file", StringComparison.OrdinalIgnoreCase))?[1];
        if (string.IsNullOrEmpty(file))
            return null;
        var offset = rows.Find(r => r[0]!.EndsWith("position", StringComparison.OrdinalIgnoreCase))![1]!;
        var position = new BinlogPosition(file, ulong.Parse(offset, CultureInfo.InvariantCulture));
        return new BinlogStatus(position, await GtidAtAsync(source, position, null, ct));
    }

    private static async ValueTask<string> GtidAtAsync(MySqlConnection source, BinlogPosition position, string?[]? status, CancellationToken ct)
    {
        if (source.Server.Flavour == ServerFlavour.MariaDb)
            return await source.QueryScalarAsync($"SELECT BINLOG_GTID_POS('{position.File}', {position.Position})", ct) ?? "";
        return status is { Length: > 4 } ? (status[4] ?? "").Replace("\n", "", StringComparison.Ordinal) : "";
    }
}
