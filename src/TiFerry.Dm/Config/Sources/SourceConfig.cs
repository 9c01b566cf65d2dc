using TiFerry.Core.Config;
using TiFerry.Core.Errors;
using TiFerry.Core.Secrets;
using TiFerry.Dm.Config.Databases;
using TiFerry.Sync.Filter;

namespace TiFerry.Dm.Config.Sources;

/// <summary>A source file: one MySQL or MariaDB server to migrate from (https://docs.pingcap.com/tidb/stable/dm-source-configuration-file).</summary>
public sealed record SourceConfig
{
    /// <summary>Characters that an id may have.</summary>
    public const int MaxIdLength = 32;

    /// <summary><c>enable</c>: whether tasks of the source may run.</summary>
    public bool Enable { get; init; } = true;

    /// <summary><c>enable-gtid</c>: whether the source is followed by GTIDs.</summary>
    public bool EnableGtid { get; init; }

    /// <summary><c>relay-dir</c>: the relay log's directory on a worker; empty for the worker's own <c>relay-dir</c>.</summary>
    public string RelayDir { get; init; } = "";

    /// <summary><c>flavor</c>: <c>mysql</c> or <c>mariadb</c>; empty to ask the server.</summary>
    public string Flavor { get; init; } = "";

    /// <summary><c>enable-relay</c>: whether workers pull a relay log.</summary>
    public bool EnableRelay { get; init; }

    /// <summary><c>relay-binlog-name</c>: the file from which the relay log is pulled; empty for what tasks need.</summary>
    public string RelayBinlogName { get; init; } = "";

    /// <summary><c>relay-binlog-gtid</c>: the GTID set from which the relay log is pulled, with <see cref="EnableGtid"/>.</summary>
    public string RelayBinlogGtid { get; init; } = "";

    /// <summary><c>source-id</c>.</summary>
    public string SourceId { get; init; } = "";

    /// <summary><c>from</c>.</summary>
    public DatabaseConfig From { get; init; } = new();

    /// <summary><c>purge</c>.</summary>
    public PurgeConfig Purge { get; init; } = new();

    /// <summary><c>checker</c>.</summary>
    public CheckerConfig Checker { get; init; } = new();

    /// <summary><c>server-id</c> that workers read the binlog with; 0 for one that is free on the source.</summary>
    public uint ServerId { get; init; }

    /// <summary><c>case-sensitive</c>: whether letter case counts in the names of databases and tables.</summary>
    public bool CaseSensitive { get; init; }

    /// <summary><c>filters</c>: rules for all tasks of the source. Where a task has a rule for the same tables, the task's holds.</summary>
    public IReadOnlyList<BinlogEventRule> Filters { get; init; } = [];

    /// <summary>What a reader of the log should know of the file: keys that it has and that do nothing.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>Reads a file.</summary>
    /// <exception cref="TiFerryException">The file can't be read, or says something that can't be; names file, line, column and key.</exception>
    public static SourceConfig Read(string path) => SourceFile.Read(YamlFile.Read(path));

    /// <summary>Reads a text.</summary>
    /// <param name="name">The file's name, for messages.</param>
    /// <param name="text">The text, in YAML.</param>
    /// <exception cref="TiFerryException">The text says something that can't be; names line, column and key.</exception>
    public static SourceConfig Parse(string name, string text) => SourceFile.Read(YamlFile.Parse(name, text));

    /// <summary>The file with all keys. Passwords are as they are here: see <see cref="WithProtectedPassword"/> and <see cref="WithoutSecrets"/>.</summary>
    public string ToYaml() => YamlWriter.Write(SourceFile.Write(this));

    /// <summary>The same as <see cref="ToYaml"/> in TOML.</summary>
    public string ToToml() => TomlWriter.Write(SourceFile.Write(this));

    /// <summary>The same with the password encrypted; without a key as it is.</summary>
    public SourceConfig WithProtectedPassword(PasswordCipher cipher) => this with { From = From.WithProtectedPassword(cipher) };

    /// <summary>The same with <c>******</c> in the password's place, for people to look at.</summary>
    public SourceConfig WithoutSecrets() => this with { From = From.WithoutSecrets() };

    /// <summary>A file's text with the password encrypted, and else as its user wrote it; without a key as it is.</summary>
    /// <param name="name">The file's name, for messages.</param>
    /// <param name="text">The text, in YAML.</param>
    /// <param name="cipher">Encrypts.</param>
    /// <exception cref="TiFerryException">The text says something that can't be; names line, column and key.</exception>
    public static string ProtectText(string name, string text, PasswordCipher cipher)
    {
        var config = Parse(name, text).WithProtectedPassword(cipher);
        return PasswordText.TryChange(name, text, "from", config.From.Password) ?? config.ToYaml();
    }
}
