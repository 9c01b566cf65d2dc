using System.Text.Json.Serialization;

namespace TiFerry.Sync.Checkpoint;

/// <summary>What a checkpoint holds beyond DM's columns, as JSON in the column <c>tiferry_state</c>.</summary>
internal sealed record CheckpointState
{
    [JsonPropertyName("ordered_done")]
    public long OrderedDone { get; init; }

    [JsonPropertyName("is_exact")]
    public bool IsExact { get; init; }

    [JsonPropertyName("in_order")]
    public bool InOrder { get; init; }

    [JsonPropertyName("prepared")]
    public Dictionary<string, StatePosition> Prepared { get; init; } = [];

    [JsonPropertyName("has_all_gtids")]
    public bool HasAllGtids { get; init; }

    [JsonPropertyName("source")]
    public string Source { get; init; } = "";

    [JsonPropertyName("sub_directories")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? SubDirectories { get; init; }

    [JsonPropertyName("has_moved")]
    public bool HasMoved { get; init; }

    [JsonPropertyName("ddl")]
    public StateDdl? Ddl { get; init; }
}

internal sealed record StatePosition([property: JsonPropertyName("name")] string Name, [property: JsonPropertyName("pos")] ulong Position);

internal sealed record StateDdl(
    [property: JsonPropertyName("at")] StatePosition At, [property: JsonPropertyName("piece")] int Piece, [property: JsonPropertyName("before")] string Before,
    [property: JsonPropertyName("operation")] string? Operation);

[JsonSourceGenerationOptions(UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(CheckpointState))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
