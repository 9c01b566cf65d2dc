using TiFerry.Core.Errors;
using TiFerry.MySql;
using TiFerry.Schema.Tables;

namespace TiFerry.Sync.Target;

/// <summary>The target's tables by name, read when first needed and forgotten when a definition changes.</summary>
/// <param name="connection">A session on the target.</param>
/// <param name="sourceLogsCascades">Whether the source's binlog holds what foreign keys do to referencing rows.</param>
internal sealed class TargetTables(MySqlConnection connection, bool sourceLogsCascades)
{
    private readonly Dictionary<TableName, TargetTable?> _tables = [];

    /// <summary>The table.</summary>
    /// <exception cref="TiFerryException">The target has no such table.</exception>
    public async ValueTask<TargetTable> GetAsync(TableName name, CancellationToken ct) =>
        await FindAsync(name, ct)
            ?? throw new TiFerryException(SyncErrors.TargetTableMissing, ErrorScope.Downstream,
                $"rows have to be written to table {name}, which the target does not have, or does not show to the account",
                "create the table on the target as it was at that position, grant the account its privileges, or leave it out with --filter or the block-allow-list");

    /// <summary>The table; null where the target has none of that name.</summary>
    public async ValueTask<TargetTable?> FindAsync(TableName name, CancellationToken ct)
    {
        if (_tables.TryGetValue(name, out var known))
            return known;
        var table = await TableReader.ReadAsync(connection, name, ErrorScope.Downstream, ct);
        var target = table is null ? null : new TargetTable(table, sourceLogsCascades ? [] : await CascadeReader.ReadAsync(connection, table, ct));
        _tables.Add(name, target);
        return target;
    }

    /// <summary>Forgets all tables; they are read again when needed.</summary>
    public void Forget() => _tables.Clear();
}
