using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using TiFerry.Dm.Metadata;
using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Control.Commands;

/// <summary>config export: writes all sources and tasks into a directory, as files that config import and other commands take. Passwords are in them as the cluster keeps them.</summary>
internal static class ConfigExport
{
    /// <summary>Runs the command.</summary>
    public static async Task RunAsync(CommandRun run, string directory)
    {
        var sources = await run.CallAsync(MasterMethods.ListSourceConfigs, new Empty());
        if (!sources.Result)
            throw new ControlException(sources.Msg);
        var tasks = await run.CallAsync(MasterMethods.ListTaskConfigs, new Empty());
        if (!tasks.Result)
            throw new ControlException(tasks.Msg);
        var relayWorkers = await RelayWorkersAsync(run);

        var layout = new ConfigDirectory(directory);
        WriteAll(run, layout.Sources, "source", sources.SourceConfigs);
        WriteAll(run, layout.Tasks, "task", tasks.TaskConfigs);
        if (relayWorkers.Count > 0)
            Try(run, $"can not write relay workers to file `{layout.RelayWorkers}`", () => PrivateFile.Write(layout.RelayWorkers, FileMode.Create, JsonSerializer.Serialize(relayWorkers)));
        run.Print($"export configs to directory `{directory}` succeed");
    }

    // No answer of a master tells them, so they are read where the masters keep them.
    private static async Task<SortedDictionary<string, List<string>>> RelayWorkersAsync(CommandRun run)
    {
        var workers = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var item in await run.Master.ReadStateAsync(ClusterKeys.RelayWorker.Path, run.Stop))
        {
            if (!ClusterKeys.RelayWorker.TryRead(item.Key, out var names))
                continue;
            if (!workers.TryGetValue(item.Value, out var ofSource))
                workers.Add(item.Value, ofSource = []);
            ofSource.Add(names[0]);
        }
        return workers;
    }

    private static void WriteAll(CommandRun run, string directory, string kind, IEnumerable<KeyValuePair<string, string>> texts)
    {
        Try(run, $"can not create directory of {kind} configs `{directory}`", () => PrivateFile.CreateDirectory(directory));
        foreach (var (name, text) in texts)
        {
            if (name.Contains('/', StringComparison.Ordinal))
                throw new ControlException($"the {kind} `{name}` can't be exported: its name can't be a file's name");
            var path = Path.Combine(directory, $"{name}.yaml");
            Try(run, $"can not write {kind} config to file `{path}`", () => PrivateFile.Write(path, FileMode.Create, text));
        }
    }

    private static void Try(CommandRun run, string failure, Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            run.Print(failure);
            throw new ControlException(e.Message, e);
        }
    }
}
