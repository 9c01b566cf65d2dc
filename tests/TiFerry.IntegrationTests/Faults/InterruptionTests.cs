using TiFerry.IntegrationTests.Traffic;
using TiFerry.Migration;
using TiFerry.TestServers;

namespace TiFerry.IntegrationTests.Faults;

/// <summary>Whatever breaks at whatever moment, both sides are equal in the end.</summary>
public sealed class InterruptionTests
{
    private const string Database = "faulty";

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Connections_that_break_on_both_sides_cost_no_row(int threads)
    {
        await using var servers = await Pair.StartAsync(threads);
        await using var sourceLink = CuttableLink.To(servers.Source);
        await using var targetLink = CuttableLink.To(servers.Target);
        servers.Crossing.Options = servers.Crossing.Options with
        {
            Source = servers.Source.ConnectionOptions with { Port = sourceLink.Port },
            Target = servers.Target.ConnectionOptions with { Port = targetLink.Port },
        };
        servers.Writers.Start(clients: 2, seed: threads);
        await using (var running = servers.Crossing.Start())
        {
            // A server that can't be reached at the very start ends the program.
            await running.UntilAsync(progress => progress.Stage != MigrationStage.Preparing, "the copy begins");
            var random = new Random(threads);
            for (var cut = 0; cut < 12; cut++)
            {
                await servers.Writers.UntilFurtherAsync(random.Next(5, 60));
                (random.Next(2) == 0 ? sourceLink : targetLink).Cut();
                if (running.Completion.IsCompleted)
                    await running.Completion;
            }
        }
        await servers.EndAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Runs_that_end_without_a_word_are_taken_up_again(int threads)
    {
        await using var servers = await Pair.StartAsync(threads);
        servers.Writers.Start(clients: 2, seed: 10 + threads);
        var random = new Random(threads);
        for (var run = 0; run < 12; run++)
        {
            // Its connections end with it, as a killed process's do; nothing gets the time to be finished.
            await using var sourceLink = CuttableLink.To(servers.Source);
            await using var targetLink = CuttableLink.To(servers.Target);
            servers.Crossing.Options = servers.Crossing.Options with
            {
                Source = servers.Source.ConnectionOptions with { Port = sourceLink.Port },
                Target = servers.Target.ConnectionOptions with { Port = targetLink.Port },
            };
            await using var running = servers.Crossing.Start();
            await servers.Writers.UntilFurtherAsync(random.Next(5, 80));
            if (running.Completion.IsCompleted)
                await running.Completion;
            sourceLink.Close();
            targetLink.Close();
        }
        servers.Crossing.Options = servers.Crossing.Options with { Source = servers.Source.ConnectionOptions, Target = servers.Target.ConnectionOptions };
        await servers.EndAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Servers_that_die_and_come_back_cost_no_row(bool killsSource)
    {
        await using var servers = await Pair.StartAsync(threads: 2);
        servers.Writers.Start(clients: 2, seed: 20);
        await using (var running = servers.Crossing.Start())
        {
            await running.UntilAsync(progress => progress.Stage != MigrationStage.Preparing, "the copy begins");
            var server = killsSource ? servers.Source : servers.Target;
            for (var restart = 0; restart < 3; restart++)
            {
                await servers.Writers.UntilFurtherAsync(restart == 0 ? 10 : 150);
                if (restart == 1)
                    await server.StopAsync();
                else
                    await server.KillAsync();
                await server.StartAgainAsync();
                if (running.Completion.IsCompleted)
                    await running.Completion;
            }
        }
        await servers.EndAsync();
    }

    /// <summary>Two servers of the test's own, clients and a crossing.</summary>
    private sealed class Pair : IAsyncDisposable
    {
        public required TestServer Source { get; init; }

        public required TestServer Target { get; init; }

        public required Writers Writers { get; init; }

        public required Crossing Crossing { get; init; }

        public static async Task<Pair> StartAsync(int threads)
        {
            // What a commit has promised must outlive the server, or no tool could keep the two sides equal.
            var source = await TestServer.StartAsync(ServerKind.MariaDb, [.. ServerOptions.Source(ServerKind.MariaDb), "--sync-binlog=1", "--innodb-flush-log-at-trx-commit=1"]);
            var target = await TestServer.StartAsync(ServerKind.MariaDb, [.. ServerOptions.Target(ServerKind.MariaDb), "--innodb-flush-log-at-trx-commit=1"]);
            var crossing = new Crossing(source, target, Database);
            crossing.Options = crossing.Options with { Threads = threads, ChunkRows = 10 };
            return new Pair { Source = source, Target = target, Writers = await Writers.CreateAsync(source, Database, rows: 1500), Crossing = crossing };
        }

        public async Task EndAsync()
        {
            await Writers.StopAsync();
            await Crossing.RunAsync();
            await Crossing.AssertEqualAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await Writers.DisposeAsync();
            await Source.DisposeAsync();
            await Target.DisposeAsync();
        }
    }
}
