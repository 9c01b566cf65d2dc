using System.Globalization;
using System.Text;
using FsCheck.Fluent;
using TiFerry.Binlog;
using TiFerry.MySql;
using TiFerry.MySql.Sessions;
using TiFerry.Schema.Ddl;
using TiFerry.Schema.Lexing;
using TiFerry.Sync.OnlineDdl;
using TiFerry.TestServers;

namespace TiFerry.Sync.Tests.OnlineDdl;

/// <summary>Whenever the program is killed, the statements made on the real tables are those of a run without a stop.</summary>
[Collection(Servers.Name)]
public sealed class OnlineDdlRestartTests(ServerFixture servers)
{
    private static readonly OnlineDdlTables Tables = new([], []);

    [SkippableFact]
    public async Task Restarts_change_nothing()
    {
        await using var target = await Session.OpenForWritingAsync((await servers.TargetAsync(ServerKind.MariaDb)).ConnectionOptions, default);
        var schema = ServerFixture.NewDatabaseName("meta");
        await target.ExecuteAsync($"CREATE DATABASE `{schema}`", default);
        var run = 0;
        var runs = from events in Gen.Elements("create", "alter", "alter", "alter", "index", "truncate", "swap", "drop").ListOf(20)
                   from steps in Gen.Choose(0, 3).ListOf(events.Count)
                   select (Events: events.ToList(), Steps: steps.ToList());

        var swaps = 0;
        foreach (var (events, steps) in runs.Sample(60))
        {
            var statements = Statements(events);
            var undisturbed = new List<string>();
            var store = new OnlineDdlStore(schema, string.Create(CultureInfo.InvariantCulture, $"task{run++}"), "s");
            await store.CreateAsync(target, default);
            var model = new OnlineSchemaChanges(Tables, store);
            for (var i = 0; i < statements.Count; i++)
                undisturbed.AddRange(Apply(model, statements[i], i));

            swaps += undisturbed.Count;
            Assert.Equal(undisturbed, await RunAsync(target, store, statements, steps));
        }

        Assert.True(swaps > 0);
    }

    // What happens after an event: 0 saves with a checkpoint behind the event, 1 is a kill, 2 saves with the old checkpoint, 3 goes on without saving.
    private static async Task<List<string>> RunAsync(MySqlConnection target, OnlineDdlStore store, List<string> statements, List<int> steps)
    {
        var made = new List<(int Event, string Text)>();
        var changes = new OnlineSchemaChanges(Tables, store);
        var left = steps.ToList();
        var (at, checkpoint) = (0, 0);
        while (at < statements.Count)
        {
            made.RemoveAll(m => m.Event == at);
            made.AddRange(Apply(changes, statements[at], at).Select(t => (at, t)));
            var step = left[at];
            left[at] = 0;
            if (step == 1)
            {
                await changes.LoadAsync(target, default);
                at = checkpoint;
                continue;
            }

            // A statement made on the target is followed by a checkpoint.
            at++;
            var isMade = made.Exists(m => m.Event == at - 1);
            if (step == 3 && !isMade)
                continue;
            await SaveAsync(target, changes);
            if (step == 0 || isMade)
                checkpoint = at;
        }

        return made.ConvertAll(m => m.Text);
    }

    private static async Task SaveAsync(MySqlConnection target, OnlineSchemaChanges changes)
    {
        using var sql = new SqlBuffer();
        sql.Append("BEGIN;"u8);
        var generation = changes.AppendWrites(sql);
        sql.Append("COMMIT"u8);
        await target.ExecuteAsync(sql, default);
        changes.MarkSaved(generation);
    }

    private static List<string> Statements(List<string> events)
    {
        var changed = false;
        var statements = new List<string>();
        for (var i = 0; i < events.Count; i++)
        {
            statements.Add(events[i] switch
            {
                "create" => "CREATE TABLE _t_gho LIKE t",
                "alter" => string.Create(CultureInfo.InvariantCulture, $"ALTER TABLE _t_gho ADD COLUMN c{i} INT"),
                "index" => "CREATE INDEX i ON _t_gho (a)",
                "truncate" => "TRUNCATE TABLE _t_gho",
                "swap" when changed => "RENAME TABLE _t_gho TO t",
                _ => "DROP TABLE _t_gho",
            });
            changed = events[i] is "alter" or "index" || (events[i] == "truncate" && changed);
        }

        return statements;
    }

    private static List<string> Apply(OnlineSchemaChanges changes, string sql, int index)
    {
        var text = Encoding.UTF8.GetBytes(sql);
        var piece = new OnlineDdlPiece(DdlParser.Parse(text, SqlDialect.MySql), text, "db", SqlDialect.MySql, new BinlogPosition("binlog.000001", (ulong)index + 10), "");
        return [.. changes.Apply(piece).Statements.Select(s => Encoding.UTF8.GetString(s.Text))];
    }
}
