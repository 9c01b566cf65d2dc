using System.Text.Json;
using TiFerry.Core.Config;
using TiFerry.Core.Secrets;
using TiFerry.Dm.Config.Databases;
using TiFerry.Sync.Rules;

namespace TiFerry.Dm.Config.Tasks;

/// <summary>What one source has to do for one task: everything that a worker needs, with all names resolved.</summary>
public sealed record SubTaskConfig
{
    /// <summary>The task's name.</summary>
    public required string Name { get; init; }

    /// <summary>The source's id.</summary>
    public required string SourceId { get; init; }

    /// <summary>The task's mode.</summary>
    public required TaskMode Mode { get; init; }

    /// <summary>The source's <c>flavor</c>; empty to ask the server.</summary>
    public string Flavor { get; init; } = "";

    /// <summary>The source's <c>server-id</c>; 0 for one that is free.</summary>
    public uint ServerId { get; init; }

    /// <summary>The source's <c>enable-gtid</c>.</summary>
    public bool EnableGtid { get; init; }

    /// <summary>The source's <c>relay-dir</c>; empty for the worker's own.</summary>
    public string RelayDir { get; init; } = "";

    /// <summary>The target's schema for checkpoints.</summary>
    public required string MetaSchema { get; init; }

    /// <summary>Where to follow from in mode <see cref="TaskMode.Incremental"/>; null for the checkpoint or a start time.</summary>
    public BinlogMeta? Meta { get; init; }

    /// <summary>The source.</summary>
    public required DatabaseConfig From { get; init; }

    /// <summary>The target.</summary>
    public required DatabaseConfig To { get; init; }

    /// <summary>Routes, filters and the like of task and source, and <c>syncers</c>.</summary>
    public required SyncRules Rules { get; init; }

    /// <summary>How rows are exported.</summary>
    public MydumperConfig Mydumper { get; init; } = new();

    /// <summary>How rows are imported.</summary>
    public LoaderConfig Loader { get; init; } = new();

    /// <summary>Checks that are left out.</summary>
    public IReadOnlyList<string> IgnoreCheckingItems { get; init; } = [];

    /// <summary><c>collation_compatible</c>.</summary>
    public string CollationCompatible { get; init; } = "loose";

    /// <summary>Whether exported files are deleted once they are loaded.</summary>
    public bool CleanDumpFile { get; init; } = true;

    /// <summary>The directory of exported files: the loader's, and behind it the task's name in modes that export and import in one.</summary>
    public string DumpDir => Mode is TaskMode.All or TaskMode.Full && !Loader.Dir.EndsWith($".{Name}", StringComparison.Ordinal) ? $"{Loader.Dir.TrimEnd('/')}.{Name}" : Loader.Dir;

    /// <summary>As JSON, with the passwords as they are here: see <see cref="WithProtectedPasswords"/>.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ConfigJson.Options);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static SubTaskConfig FromJson(string json) => JsonSerializer.Deserialize<SubTaskConfig>(json, ConfigJson.Options) ?? throw new JsonException("null is no subtask");

    /// <summary>As TOML, with DM's keys, which <c>get-subtask-config</c> shows.</summary>
    public string ToToml() => TomlWriter.Write(SubTaskText.Write(this));

    /// <summary>The same with the passwords encrypted; without a key as they are.</summary>
    public SubTaskConfig WithProtectedPasswords(PasswordCipher cipher) => this with { From = From.WithProtectedPassword(cipher), To = To.WithProtectedPassword(cipher) };

    /// <summary>The same with <c>******</c> in the passwords' place, for people to look at.</summary>
    public SubTaskConfig WithoutSecrets() => this with { From = From.WithoutSecrets(), To = To.WithoutSecrets() };
}
