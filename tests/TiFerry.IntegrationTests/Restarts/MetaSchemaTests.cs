using TiFerry.Core.Errors;
using TiFerry.Migration;
using TiFerry.TestServers;

namespace TiFerry.IntegrationTests.Restarts;

/// <summary>What tasks keep on the target: by task and source, over versions, and until it is removed.</summary>
[Collection(ServerCollection.Name)]
public sealed class MetaSchemaTests(ServerFixture servers)
{
    public static TheoryData<ServerKind> Kinds => [ServerKind.MariaDb, ServerKind.MySql56, ServerKind.MySql97];

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task A_task_that_an_earlier_version_began_goes_on(ServerKind kind)
    {
        var crossing = await CreateAsync("earlier", kind);
        await crossing.RunAsync();
        var target = await servers.TargetAsync(kind);
        var meta = crossing.Options.MetaSchema;
        // Before there were several sources of a task.
        await target.RunAsync(
            $"ALTER TABLE {meta}.task DROP PRIMARY KEY, DROP COLUMN source_id, ADD PRIMARY KEY (task)",
            $"ALTER TABLE {meta}.copy_object DROP PRIMARY KEY, DROP COLUMN source_id, ADD PRIMARY KEY (task, schema_name, object_name)",
            $"ALTER TABLE {meta}.copy_chunk DROP PRIMARY KEY, DROP COLUMN source_id, ADD PRIMARY KEY (task, schema_name, object_name, chunk)");
        var source = await servers.SourceAsync();
        await source.RunAsync($"INSERT INTO {crossing.Databases[0]}.t VALUES (3, 3)");
        // Copying again would make this row equal.
        await target.RunAsync($"UPDATE {crossing.Databases[0]}.t SET v = 100 WHERE id = 1");
        await crossing.RunAsync();
        Assert.Equal(["1 100", "2 2", "3 3"], (await target.QueryAsync($"SELECT CONCAT(id, ' ', v) FROM {crossing.Databases[0]}.t ORDER BY id")).Select(r => r[0]));
        crossing.Options = crossing.Options with { Mode = MigrationMode.Full };
        await Assert.ThrowsAsync<TiFerryException>(() => crossing.RunAsync());
    }

    [Fact]
    public async Task Sources_of_one_task_share_a_meta_schema_and_are_removed_one_by_one()
    {
        var one = await CreateAsync("one");
        var two = await CreateAsync("two");
        one.Options = one.Options with { CheckpointId = "replica-1", FencingToken = 5 };
        two.Options = two.Options with { CheckpointId = "replica-2", FencingToken = 4, TaskName = one.Options.TaskName, MetaSchema = one.Options.MetaSchema };
        var meta = one.Options.MetaSchema;
        await using (var first = one.Start())
        await using (var second = two.Start())
        {
            await first.UntilAsync(progress => progress.Sync.SourceEnd is not null, "the first follows");
            await second.UntilAsync(progress => progress.Stage == MigrationStage.Following, "the second follows");
            Assert.Equal(1, first.Progress.Copy.Totals().FinishedTables);
            Assert.Equal(2, first.Progress.Copy.Totals().FinishedRows);
            Assert.True(first.Progress.Sync.AppliedGtid.Length > 0);
            Assert.Equal(SyncErrors.TaskTaken, (await Assert.ThrowsAsync<TiFerryException>(() => TaskMetadata.RemoveAsync(one.Options, default))).Code);
        }
        await one.AssertEqualAsync();
        await two.AssertEqualAsync();
        Assert.Single(await MigrationTask.TrackedSchemas(one.Options).ListAsync(default));

        var target = await servers.TargetAsync();
        await TaskMetadata.RemoveAsync(one.Options, default);
        Assert.Equal("replica-2", Assert.Single(await target.QueryAsync($"SELECT DISTINCT source_id FROM {meta}.copy_chunk"))[0]);
        await two.RunAsync();
        await TaskMetadata.RemoveAsync(two.Options, default);
        Assert.Equal(["copy_chunk", "copy_object", "copy_target", "fence", "task"], (await target.QueryAsync($"SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = '{meta}' ORDER BY 1")).Select(r => r[0]));
        Assert.Empty(await target.QueryAsync($"SELECT 1 FROM {meta}.task"));
        Assert.Empty(await target.QueryAsync($"SELECT 1 FROM {meta}.copy_object"));
        // What was there before is in the way of nobody: rows are replaced.
        await target.RunAsync($"UPDATE {one.Databases[0]}.t SET v = 100");
        await one.RunAsync();
        await one.AssertEqualAsync();
    }

    private async Task<Crossing> CreateAsync(string prefix, ServerKind target = ServerKind.MariaDb)
    {
        var source = await servers.SourceAsync();
        var database = ServerFixture.NewDatabaseName(prefix);
        await source.RunAsync($"CREATE DATABASE {database} CHARACTER SET utf8mb4", $"CREATE TABLE {database}.t (id INT PRIMARY KEY, v INT)", $"INSERT INTO {database}.t VALUES (1, 1), (2, 2)");
        return new Crossing(source, await servers.TargetAsync(target), database);
    }
}
