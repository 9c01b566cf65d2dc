using TiFerry.Core.Config;
using TiFerry.Core.Errors;
using TiFerry.Core.Filters;
using TiFerry.Core.Routing;
using TiFerry.Core.Secrets;
using TiFerry.Dm.Config.Databases;
using TiFerry.Dm.Config.Sources;
using TiFerry.Sync.Filter;
using TiFerry.Sync.Filter.Expressions;
using TiFerry.Sync.OnlineDdl;
using TiFerry.Sync.Rules;

namespace TiFerry.Dm.Config.Tasks;

/// <summary>A task file: what is carried from which sources into which target (https://docs.pingcap.com/tidb/stable/task-configuration-file-full).</summary>
public sealed record TaskConfig
{
    /// <summary>Characters that a name may have, so that the names of its tables fit.</summary>
    public const int MaxNameLength = 46;

    /// <summary><c>name</c>.</summary>
    public required string Name { get; init; }

    /// <summary><c>task-mode</c>.</summary>
    public required TaskMode Mode { get; init; }

    /// <summary><c>ignore-checking-items</c>: names in <see cref="CheckingItems"/>.</summary>
    public IReadOnlyList<string> IgnoreCheckingItems { get; init; } = [];

    /// <summary><c>meta-schema</c>: the target's schema for checkpoints.</summary>
    public string MetaSchema { get; init; } = "dm_meta";

    /// <summary><c>remove-meta</c>: as <c>start-task --remove-meta</c>.</summary>
    public bool RemoveMeta { get; init; }

    /// <summary><c>timezone</c>: the time zone in which expression filters see TIMESTAMPs; empty for UTC.</summary>
    public string Timezone { get; init; } = "";

    /// <summary><c>case-sensitive</c>: whether letter case counts where names are matched.</summary>
    public bool CaseSensitive { get; init; }

    /// <summary><c>collation_compatible</c>: <c>loose</c> or <c>strict</c>.</summary>
    public string CollationCompatible { get; init; } = "loose";

    /// <summary><c>online-ddl</c> and its rules.</summary>
    public OnlineDdlRules OnlineDdl { get; init; } = new();

    /// <summary><c>clean-dump-file</c>: whether exported files are deleted once they are loaded.</summary>
    public bool CleanDumpFile { get; init; } = true;

    /// <summary><c>target-database</c>.</summary>
    public required DatabaseConfig Target { get; init; }

    /// <summary><c>mysql-instances</c>.</summary>
    public required IReadOnlyList<TaskInstance> Instances { get; init; }

    /// <summary><c>routes</c>.</summary>
    public IReadOnlyDictionary<string, RouteRule> Routes { get; init; } = new Dictionary<string, RouteRule>();

    /// <summary><c>filters</c>.</summary>
    public IReadOnlyDictionary<string, BinlogEventRule> Filters { get; init; } = new Dictionary<string, BinlogEventRule>();

    /// <summary><c>expression-filter</c>.</summary>
    public IReadOnlyDictionary<string, ExpressionRule> ExpressionFilters { get; init; } = new Dictionary<string, ExpressionRule>();

    /// <summary><c>block-allow-list</c>, or <c>black-white-list</c> as it was called.</summary>
    public IReadOnlyDictionary<string, BlockAllowListRules> BlockAllowLists { get; init; } = new Dictionary<string, BlockAllowListRules>();

    /// <summary><c>mydumpers</c>.</summary>
    public IReadOnlyDictionary<string, MydumperConfig> Mydumpers { get; init; } = new Dictionary<string, MydumperConfig>();

    /// <summary><c>loaders</c>.</summary>
    public IReadOnlyDictionary<string, LoaderConfig> Loaders { get; init; } = new Dictionary<string, LoaderConfig>();

    /// <summary><c>syncers</c>.</summary>
    public IReadOnlyDictionary<string, SyncerSettings> Syncers { get; init; } = new Dictionary<string, SyncerSettings>();

    /// <summary>Names in <c>validators</c>; all of them have mode <c>none</c>.</summary>
    public IReadOnlyList<string> Validators { get; init; } = [];

    /// <summary>What users should be told of the file: keys that it has and that do nothing.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>Reads a file.</summary>
    /// <exception cref="TiFerryException">The file can't be read, or says something that can't be; names file, line, column and key.</exception>
    public static TaskConfig Read(string path) => TaskFile.Read(YamlFile.Read(path));

    /// <summary>Reads a text.</summary>
    /// <param name="name">The file's name, for messages.</param>
    /// <param name="text">The text, in YAML.</param>
    /// <exception cref="TiFerryException">The text says something that can't be; names line, column and key.</exception>
    public static TaskConfig Parse(string name, string text) => TaskFile.Read(YamlFile.Parse(name, text));

    /// <summary>The file with all keys. The password is as it is here: see <see cref="WithProtectedPassword"/> and <see cref="WithoutSecrets"/>.</summary>
    public string ToYaml() => YamlWriter.Write(TaskText.Write(this));

    /// <summary>What each instance has to do.</summary>
    /// <param name="sources">The sources of the cluster, by their ids.</param>
    /// <exception cref="TiFerryException"><see cref="TaskFileErrors.NoSuchSource"/>: the cluster lacks a source; or the rules of task and source don't go together.</exception>
    public IReadOnlyList<SubTaskConfig> SubTasks(IReadOnlyDictionary<string, SourceConfig> sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        return [.. Instances.Select(instance => sources.TryGetValue(instance.SourceId, out var source)
            ? SubTaskResolver.Resolve(this, instance, source)
            : throw new TiFerryException(TaskFileErrors.NoSuchSource, ErrorScope.Internal,
                $"the task '{Name}' is about the source '{instance.SourceId}', which the cluster doesn't have", "add it with 'operate-source create SOURCE-FILE'"))];
    }

    /// <summary>The same with the password encrypted; without a key as it is.</summary>
    public TaskConfig WithProtectedPassword(PasswordCipher cipher) => this with { Target = Target.WithProtectedPassword(cipher) };

    /// <summary>The same with <c>******</c> in the password's place, for people to look at.</summary>
    public TaskConfig WithoutSecrets() => this with { Target = Target.WithoutSecrets() };

    /// <summary>A file's text with the password encrypted, and else as its user wrote it; without a key as it is.</summary>
    /// <param name="name">The file's name, for messages.</param>
    /// <param name="text">The text, in YAML.</param>
    /// <param name="cipher">Encrypts.</param>
    /// <exception cref="TiFerryException">The text says something that can't be; names line, column and key.</exception>
    public static string ProtectText(string name, string text, PasswordCipher cipher)
    {
        var config = Parse(name, text).WithProtectedPassword(cipher);
        return PasswordText.TryChange(name, text, "target-database", config.Target.Password) ?? config.ToYaml();
    }
}
