using System.Text.Json.Serialization;
using TiFerry.Dm.Pb;
using TiFerry.Sync.Operations;

namespace TiFerry.Dm.Metadata;

/// <summary>A worker that has registered.</summary>
/// <param name="Name">Its name, unique in the cluster.</param>
/// <param name="Address">Where it serves, <c>host:port</c>.</param>
public sealed record WorkerRecord([property: JsonPropertyName("name")] string Name, [property: JsonPropertyName("addr")] string Address);

/// <summary>A worker lives: the key is there as long as its lease is.</summary>
/// <param name="Worker">Its name.</param>
/// <param name="JoinTime">When the process began.</param>
public sealed record KeepAlive([property: JsonPropertyName("worker-name")] string Worker, [property: JsonPropertyName("join-time")] DateTimeOffset JoinTime)
{
    /// <summary>The revision at which the key was created; it tells this process from one before it.</summary>
    [JsonIgnore]
    public long CreateRevision { get; init; }
}

/// <summary>A master that leads, or stands in line for it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">Where it serves, <c>host:port</c>.</param>
public sealed record Candidate([property: JsonPropertyName("id")] string Name, [property: JsonPropertyName("addr")] string Address)
{
    /// <summary>The revision at which it got in line; the lowest leads.</summary>
    [JsonIgnore]
    public long CreateRevision { get; init; }

    /// <summary>What stands at its key in the election.</summary>
    public string ToJson() => System.Text.Json.JsonSerializer.Serialize(this, ClusterJson.Default.Candidate);
}

/// <summary>A source: a database server to carry data from.</summary>
/// <param name="Config">Its file's text (YAML), with the password encrypted.</param>
/// <param name="EnableRelay">Whether the worker it is bound to pulls its relay log; <c>start-relay</c> and <c>stop-relay</c> without workers change it.</param>
public sealed record SourceRecord([property: JsonPropertyName("config")] string Config, [property: JsonPropertyName("enable-relay")] bool EnableRelay)
{
    /// <summary>Its name.</summary>
    [JsonIgnore]
    public string Id { get; init; } = "";

    /// <summary>The revision of the last change.</summary>
    [JsonIgnore]
    public long ModRevision { get; init; }
}

/// <summary>A source is in a worker's hands.</summary>
/// <param name="Source">The source.</param>
/// <param name="Worker">The worker.</param>
public sealed record Binding([property: JsonPropertyName("source")] string Source, [property: JsonPropertyName("worker")] string Worker)
{
    /// <summary>The revision at which it was bound.</summary>
    [JsonIgnore]
    public long ModRevision { get; init; }
}

/// <summary>The stage that a subtask or a relay is wanted in.</summary>
/// <param name="Expect">The stage.</param>
/// <param name="Source">The source.</param>
/// <param name="Task">The task; null for a relay.</param>
public sealed record WantedStage(
    [property: JsonPropertyName("expect")] Stage Expect,
    [property: JsonPropertyName("source")] string Source,
    [property: JsonPropertyName("task"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Task = null)
{
    /// <summary>The revision of the last order. An order may be repeated: the same stage at a higher revision is to be carried out again.</summary>
    [JsonIgnore]
    public long ModRevision { get; init; }
}

/// <summary>A text that is kept as it is.</summary>
/// <param name="Text">The text.</param>
/// <param name="ModRevision">The revision of the last change.</param>
public readonly record struct KeptText(string Text, long ModRevision);

/// <summary>Names a subtask.</summary>
/// <param name="Task">The task.</param>
/// <param name="Source">The source.</param>
public readonly record struct SubTaskId(string Task, string Source);

/// <summary>How a binlog operation is kept.</summary>
/// <param name="Position">Where the statement's event begins, <c>file:offset</c>.</param>
/// <param name="Kind">What is done.</param>
/// <param name="Statements">The statements to run.</param>
internal sealed record KeptOperation(
    [property: JsonPropertyName("position")] string Position, [property: JsonPropertyName("op")] BinlogOperationKind Kind, [property: JsonPropertyName("sqls")] string[] Statements);

[JsonSourceGenerationOptions(UseStringEnumConverter = false)]
[JsonSerializable(typeof(WorkerRecord))]
[JsonSerializable(typeof(KeepAlive))]
[JsonSerializable(typeof(Candidate))]
[JsonSerializable(typeof(SourceRecord))]
[JsonSerializable(typeof(Binding))]
[JsonSerializable(typeof(WantedStage))]
[JsonSerializable(typeof(KeptOperation[]))]
[JsonSerializable(typeof(string))]
internal sealed partial class ClusterJson : JsonSerializerContext;
