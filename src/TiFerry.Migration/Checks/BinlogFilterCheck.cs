using System.Runtime.CompilerServices;
using TiFerry.MySql;

namespace TiFerry.Migration.Checks;

/// <summary>Whether <c>binlog_do_db</c> or <c>binlog_ignore_db</c> keeps changes of what is carried out of the binlog.</summary>
public static class BinlogFilterCheck
{
    private const string Name = "source binlog filter";

    /// <summary>Runs the check.</summary>
    public static async IAsyncEnumerable<CheckResult> RunAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        if (!await context.HasBinlogAsync(ct))
            yield break;
        var statement = context.Source.Server.Flavour == ServerFlavour.MySql && context.Source.Server.IsAtLeast(8, 2) ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS";
        var rows = await context.Source.QueryRowsAsync(statement, ct);
        if (rows.Count == 0 || rows[0].Length < 4)
            yield break;
        var only = Names(rows[0][2]);
        var ignored = Names(rows[0][3]);
        var schemas = await context.SchemasAsync(ct);
        // The server looks at binlog_ignore_db only where there is no binlog_do_db.
        var unlogged = schemas.Where(s => only.Count > 0 ? !only.Contains(s) : ignored.Contains(s)).ToList();
        if (unlogged.Count > 0)
        {
            yield return CheckResult.Error(Name, unlogged, list => $"{(only.Count > 0 ? $"binlog_do_db ({string.Join(',', only)})" : $"binlog_ignore_db ({string.Join(',', ignored)})")} keeps changes of these databases out of the binlog: {list}",
                $"take the option out of the source's configuration and restart it, or leave the databases out with {context.Wording.Filter}");
        }
    }

    private static HashSet<string> Names(string? list) =>
        [.. (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
}
