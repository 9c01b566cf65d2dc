using System.Text.Json.Serialization;

namespace TiFerry.Sync.Checkpoint;

/// <summary>What the column <c>table_info</c> of a checkpoint's table row holds.</summary>
/// <param name="Create">The source's table as a CREATE TABLE statement.</param>
internal sealed record TableInfo([property: JsonPropertyName("create_table")] string? Create);

[JsonSerializable(typeof(TableInfo))]
internal sealed partial class TableInfoJson : JsonSerializerContext;
