using TiFerry.Core.Config;

namespace TiFerry.Dm.Control.Commands;

/// <summary>A task file on its way to the master, which judges it. Here only what the master can't see: certificates that lie on this machine.</summary>
internal sealed class TaskFile
{
    private readonly string _text;

    private TaskFile(string text) => _text = text;

    /// <summary>Reads a file.</summary>
    /// <exception cref="ControlException">It can't be read, or is-sharding and shard-mode contradict each other.</exception>
    public static TaskFile Read(string path, CommandRun run)
    {
        var text = UserFile.Read(path);
        var keys = YamlFile.Parse(path, text).AsMap();
        if (keys["is-sharding"] is { } sharding)
        {
            // Both are given, and one says that shards are merged while the other says that they aren't.
            var mode = keys["shard-mode"];
            if (mode is not null && sharding.AsFlag() != mode.AsText().Length > 0)
                throw run.Refuse("The behaviour of `is-sharding` and `shard-mode` is conflicting. `is-sharding` is deprecated, please use `shard-mode` only.");
        }
        return new TaskFile(text);
    }

    /// <summary>The text, with the contents of the target's certificate files in it.</summary>
    public string WithCertificates(CommandRun run) => Certificates.Embed(_text, "target-database", run);
}
