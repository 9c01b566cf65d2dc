using System.Globalization;
using System.Text;
using TiFerry.Binlog.Events;
using TiFerry.Binlog.Files;
using TiFerry.Binlog.Values;
using TiFerry.Core.Errors;
using TiFerry.MySql;
using TiFerry.Schema.Expressions;
using TiFerry.Schema.Lexing;
using TiFerry.Schema.Tables;
using TiFerry.Sync.Filter.Expressions;
using TiFerry.TestServers;

namespace TiFerry.Sync.Tests.Filter.Expressions;

/// <summary>The edge table on a server, its rows as the binlog has them, and what both sides make of an expression.</summary>
internal sealed class ServerExpressions : IAsyncDisposable
{
    /// <summary>Stands for a value at which the filter stops.</summary>
    public const string OutOfRange = "out of range";

    private readonly MySqlConnection _connection;
    private readonly Table _table;
    private readonly ExpressionOptions _options;
    private readonly List<(int Id, TableMapEvent Map, ColumnBitmap Columns, byte[] Image)> _rows;

    private ServerExpressions(MySqlConnection connection, Table table, ExpressionOptions options, List<(int Id, TableMapEvent Map, ColumnBitmap Columns, byte[] Image)> rows)
    {
        _connection = connection;
        _table = table;
        _options = options;
        _rows = rows;
    }

    public int RowCount => _rows.Count;

    public SqlDialect Dialect => _options.Source;

    public static async Task<ServerExpressions> CreateAsync(ServerFixture servers, ServerKind kind, string timeZone = "+00:00", TimeZoneInfo? zone = null)
    {
        var server = await servers.SourceAsync(kind);
        var schema = ServerFixture.NewDatabaseName("expr");
        var connection = await server.ConnectAsync();
        await connection.RunAsync("SET NAMES utf8mb4", "SET sql_mode = ''", "SET time_zone = '+00:00'", $"CREATE DATABASE {schema} CHARACTER SET utf8mb4");
        await connection.ExecuteAsync("FLUSH BINARY LOGS", CancellationToken.None);
        var file = await LastFileAsync(connection);
        await connection.RunAsync(EdgeTable.Statements(kind, $"{schema}.t"));
        await connection.RunAsync("FLUSH BINARY LOGS", $"SET time_zone = '{timeZone}'", $"USE {schema}");
        var table = await TableReader.ReadAsync(connection, new TableName(schema, "t"), ErrorScope.Upstream, CancellationToken.None);
        var rows = ReadRows(Path.Combine(server.DataDirectory, file), schema);
        return new ServerExpressions(connection, table!, new ExpressionOptions(SqlDialect.Of(connection.Server), zone), rows);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    /// <summary>What the server makes of expressions, row by row in order of id; null for an expression that it refuses.</summary>
    public async Task<List<string?[]?>> AskAsync(IReadOnlyList<string> expressions)
    {
        const int Batch = 40;
        var answers = new List<string?[]?>();
        for (var at = 0; at < expressions.Count; at += Batch)
        {
            var batch = expressions.Skip(at).Take(Batch).ToList();
            if (await TryAskAsync(batch) is { } together)
            {
                answers.AddRange(together);
                continue;
            }

            foreach (var expression in batch)
                answers.Add((await TryAskAsync([expression]))?[0]);
        }

        return answers;
    }

    /// <summary>What the filter makes of an expression, row by row in order of id.</summary>
    /// <exception cref="ExpressionException">It refuses the expression.</exception>
    public string?[] Evaluate(string expression)
    {
        var cells = new RowCells(_table.Name, _options.TimeZone ?? TimeZoneInfo.Utc);
        var node = new ExpressionCompiler(_table, cells, _options).Compile(ExpressionParser.Parse(Encoding.UTF8.GetBytes(expression), _options.Source));
        var scratch = new Scratch();
        var answers = new string?[_rows.Count];
        for (var i = 0; i < answers.Length; i++)
        {
            var (_, map, columns, image) = _rows[i];
            cells.Read(map, columns, image);
            scratch.Clear();
            var row = new Row(image, cells.Cells, scratch);
            try
            {
                answers[i] = Show(node.Evaluate(in row));
            }
            catch (OverflowException)
            {
                answers[i] = OutOfRange;
            }
            catch (Exception fault) when (fault is not ExpressionException)
            {
                answers[i] = fault.Message;
            }
        }

        return answers;
    }

    public int IdOf(int row) => _rows[row].Id;

    private static string? Show(Value value) => value.Kind switch
    {
        ValueKind.Null => null,
        ValueKind.Integer => value.Number.Integer.ToString(CultureInfo.InvariantCulture),
        ValueKind.Text => Encoding.UTF8.GetString(value.Text),
        _ => throw new InvalidOperationException("ask for text or a condition"),
    };

    private async Task<List<string?[]>?> TryAskAsync(List<string> expressions)
    {
        try
        {
            var rows = await _connection.QueryRowsAsync($"SELECT {string.Join(", ", expressions)} FROM t ORDER BY id", CancellationToken.None);
            return [.. expressions.Select((_, i) => rows.Select(r => r[i]).ToArray())];
        }
        catch (MySqlServerException)
        {
            return null;
        }
    }

    private static async Task<string> LastFileAsync(MySqlConnection connection) => (await connection.QueryRowsAsync("SHOW BINARY LOGS", CancellationToken.None))[^1][0]!;

    private static List<(int Id, TableMapEvent Map, ColumnBitmap Columns, byte[] Image)> ReadRows(string file, string schema)
    {
        var rows = new List<(int Id, TableMapEvent Map, ColumnBitmap Columns, byte[] Image)>();
        using var reader = BinlogFileReader.Open(file);
        while (reader.TryRead(out var e))
        {
            if (e is not RowsEvent { Kind: RowsKind.Write } inserted || inserted.TableMap.Schema != schema)
                continue;
            foreach (var row in inserted)
            {
                var first = new RowImageReader(inserted.TableMap, inserted.AfterColumns, row.After);
                Assert.True(first.Read());
                rows.Add(((int)first.Value.AsInt64(), inserted.TableMap, inserted.AfterColumns.Copy(), row.After.ToArray()));
            }
        }

        return [.. rows.OrderBy(r => r.Id)];
    }
}
