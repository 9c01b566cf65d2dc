using System.Globalization;
using TiFerry.Binlog;
using TiFerry.Core.Errors;
using TiFerry.MySql;

namespace TiFerry.Sync.Source;

/// <summary>A place in a source's binlog, by file and by GTID.</summary>
/// <param name="Position">File and offset.</param>
/// <param name="Gtid">The GTID set (MySQL) or position (MariaDB) up to there; empty where the source has none.</param>
public readonly record struct SourcePosition(BinlogPosition Position, string Gtid)
{
    /// <summary>Where the source's binlog ends now: every change that can be seen in tables stands before it.</summary>
    /// <exception cref="TiFerryException">The source writes no binlog.</exception>
    public static async ValueTask<SourcePosition> ReadAsync(MySqlConnection source, CancellationToken ct)
    {
        var (position, status) = await StatusAsync(source, ct);
        return new SourcePosition(position, await GtidAtAsync(source, position, status, ct));
    }

    /// <summary>The same for people: cheap at any size of the binlog, and MariaDB's GTID may be a moment younger than the position.</summary>
    /// <exception cref="TiFerryException">The source writes no binlog.</exception>
    public static async ValueTask<SourcePosition> ReadStatusAsync(MySqlConnection source, CancellationToken ct)
    {
        var (position, status) = await StatusAsync(source, ct);
        return new SourcePosition(position, source.Server.Flavour == ServerFlavour.MariaDb
            ? await source.QueryScalarAsync("SELECT @@gtid_binlog_pos", ct) ?? ""
            : await GtidAtAsync(source, position, status, ct));
    }

    private static async ValueTask<(BinlogPosition Position, string?[] Status)> StatusAsync(MySqlConnection source, CancellationToken ct)
    {
        // MySQL 8.2 renamed the statement and 8.4 took the old name away.
        var statement = source.Server.Flavour == ServerFlavour.MySql && source.Server.IsAtLeast(8, 2, 0) ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS";
        var rows = await source.QueryRowsAsync(statement, ct);
        if (rows.Count == 0)
        {
            throw new TiFerryException(SyncErrors.NoBinlog, ErrorScope.Upstream, "the source writes no binlog",
                "set log_bin, binlog_format = ROW and server_id in the source's configuration and restart it, or copy once with --mode full");
        }
        return (new BinlogPosition(rows[0][0]!, ulong.Parse(rows[0][1]!, CultureInfo.InvariantCulture)), rows[0]);
    }

    /// <summary>The GTID position that belongs to a place in the binlog of MariaDB; what the server reports on MySQL.</summary>
    public static async ValueTask<string> GtidAtAsync(MySqlConnection source, BinlogPosition position, string?[]? status, CancellationToken ct)
    {
        if (source.Server.Flavour == ServerFlavour.MariaDb)
            return await source.QueryScalarAsync($"SELECT BINLOG_GTID_POS('{position.File}', {position.Position})", ct) ?? "";
        return status is { Length: > 4 } ? (status[4] ?? "").Replace("\n", "", StringComparison.Ordinal) : "";
    }
}
