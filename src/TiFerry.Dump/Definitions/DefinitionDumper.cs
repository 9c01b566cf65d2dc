using TiFerry.Core.Errors;
using TiFerry.Dump.Layout;
using TiFerry.Dump.Rows;
using TiFerry.MySql;
using TiFerry.Schema.Tables;

namespace TiFerry.Dump.Definitions;

/// <summary>Writes the files that create databases, tables and views.</summary>
/// <param name="directory">Where they go.</param>
internal sealed class DefinitionDumper(DumpDirectory directory)
{
    /// <summary>Writes a database's file.</summary>
    public async ValueTask DumpSchemaAsync(MySqlConnection source, string schema, CancellationToken ct)
    {
        var rows = await source.QueryRowsAsync($"SHOW CREATE DATABASE IF NOT EXISTS {TableName.Quote(schema)}", ct);
        await WriteAsync(new DumpFileName(DumpFileKind.Database, new TableName(schema, "")), $"{rows[0][1]};\n", ct);
    }

    /// <summary>Writes a table's file.</summary>
    public ValueTask DumpTableAsync(DumpedTable table, CancellationToken ct) =>
        WriteAsync(new DumpFileName(DumpFileKind.Table, table.Table.Name), $"{table.Definition};\n", ct);

    /// <summary>
    /// Writes a view's two files: a table that stands in for it, so that views can be created in any order, and the view that takes its place.
    /// </summary>
    /// <exception cref="TiFerryException">The view refers to something that is not there.</exception>
    public async ValueTask DumpViewAsync(MySqlConnection source, TableName view, CancellationToken ct)
    {
        var columns = await source.QueryRowsAsync(
            $"SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = {SqlText.Literal(view.Schema)} AND TABLE_NAME = {SqlText.Literal(view.Name)} ORDER BY ORDINAL_POSITION", ct);
        if (columns.Count == 0)
        {
            throw new TiFerryException(DumpErrors.Failed, ErrorScope.Upstream, $"view {view} refers to tables, columns or functions that are not there",
                "repair or drop the view on the source, or leave it out");
        }
        var row = (await source.QueryRowsAsync($"SHOW CREATE VIEW {view}", ct))[0];
        var name = TableName.Quote(view.Name);
        await WriteAsync(new DumpFileName(DumpFileKind.Table, view),
            $"CREATE TABLE {name} (\n{string.Join(",\n", columns.Select(c => $"{TableName.Quote(c[0]!)} int"))}\n) ENGINE=MyISAM;\n", ct);
        await WriteAsync(new DumpFileName(DumpFileKind.View, view),
            $"""
            DROP TABLE IF EXISTS {name};
            DROP VIEW IF EXISTS {name};
            SET @PREV_CHARACTER_SET_CLIENT = @@CHARACTER_SET_CLIENT;
            SET @PREV_COLLATION_CONNECTION = @@COLLATION_CONNECTION;
            SET character_set_client = {row[2]};
            SET collation_connection = {row[3]};
            {row[1]};
            SET character_set_client = @PREV_CHARACTER_SET_CLIENT;
            SET collation_connection = @PREV_COLLATION_CONNECTION;

            """, ct);
    }

    private async ValueTask WriteAsync(DumpFileName name, string text, CancellationToken ct)
    {
        using var buffer = new SqlBuffer();
        buffer.Append(FileHeader.OfDefinition);
        buffer.Append(text);
        using var file = new DumpFile(directory, name.ToString());
        await file.WriteAsync(buffer, ct);
        file.Flush();
    }
}
