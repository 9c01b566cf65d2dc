using System.Text.Json;
using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Control.Commands;

/// <summary>config import: creates the sources and tasks of a directory that config export has written. What exists already is left alone, so it can be repeated.</summary>
internal static class ConfigImport
{
    private const string Exists = "already exist";

    /// <summary>Runs the command.</summary>
    public static async Task RunAsync(CommandRun run, string directory)
    {
        if (!Directory.Exists(directory))
            throw new ControlException($"config directory `{directory}` not exists");
        var layout = new ConfigDirectory(directory);
        var sources = Collect(run, layout.Sources, "source");
        var tasks = Collect(run, layout.Tasks, "task");
        var hasRelayWorkers = HasRelayWorkers(run, layout.RelayWorkers);

        await CreateAsync(run, "sources", sources, async text =>
        {
            var answer = await run.CallAsync(MasterMethods.OperateSource, new OperateSourceRequest { Op = SourceOp.StartSource, Config = { text } });
            return (answer, answer.Result || answer.Msg.Contains(Exists, StringComparison.Ordinal));
        });
        await CreateAsync(run, "tasks", tasks, async text =>
        {
            var answer = await run.CallAsync(MasterMethods.StartTask, new StartTaskRequest { Task = text });
            return (answer, answer.Result || answer.Msg.Contains(Exists, StringComparison.Ordinal));
        });

        if (hasRelayWorkers)
        {
            run.Print($"The original relay workers have been exported to `{layout.RelayWorkers}`.");
            run.Print("Currently DM doesn't support recover relay workers. You may need to execute `transfer-source` and `start-relay` command manually.");
        }
        run.Print($"import configs from directory `{directory}` succeed");
    }

    private static List<string> Collect(CommandRun run, string directory, string kind)
    {
        if (!Directory.Exists(directory))
            return [];
        try
        {
            return [.. Directory.EnumerateFiles(directory).Order(StringComparer.Ordinal).Select(UserFile.Read)];
        }
        catch (Exception e) when (e is ControlException or IOException or UnauthorizedAccessException)
        {
            run.Print($"fail to collect {kind} config files from {kind} configs directory `{directory}`");
            throw new ControlException(e.Message, e);
        }
    }

    private static bool HasRelayWorkers(CommandRun run, string path)
    {
        if (!File.Exists(path))
            return false;
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string[]>>(UserFile.Read(path)) is { Count: > 0 };
        }
        catch (JsonException e)
        {
            run.Print($"fail to unmarshal relay workers config `{path}`");
            throw new ControlException(e.Message, e);
        }
    }

    // One by one: a batch is taken back as a whole when one of it exists already.
    private static async Task CreateAsync<T>(CommandRun run, string what, List<string> texts, Func<string, Task<(T Answer, bool Done)>> create)
        where T : Google.Protobuf.IMessage
    {
        if (texts.Count == 0)
            return;
        run.Print($"start creating {what}");
        foreach (var text in texts)
        {
            try
            {
                var (answer, done) = await create(text);
                if (done)
                    continue;
                run.Print(answer);
            }
            catch (MasterCallException)
            {
                run.Print($"fail to create {what}");
                throw;
            }
            throw new ControlException($"fail to create {what}");
        }
    }
}
