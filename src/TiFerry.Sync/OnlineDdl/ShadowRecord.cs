using System.Collections.Immutable;
using System.Text.Json;
using TiFerry.Schema.Lexing;

namespace TiFerry.Sync.OnlineDdl;

/// <summary>
/// What is known of a shadow table, or of a real table that waits under a trash table's name. Kept as JSON in the layout of DM's
/// <c>ddls</c> column, <c>{"schema", "table", "ddls"}</c>, with keys of its own that DM passes over.
/// </summary>
/// <param name="Schema">The real table's schema.</param>
/// <param name="Table">The real table.</param>
internal sealed record ShadowRecord(string Schema, string Table)
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The shadow table's changes, in order.</summary>
    public ImmutableList<RecordedDdl> Changes { get; init; } = [];

    /// <summary>Whether this is the real table itself, renamed out of the way, whose place nothing has taken yet.</summary>
    public bool IsRealTableAway { get; init; }

    public byte[] ToJson()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            json.WriteString("schema", Schema);
            json.WriteString("table", Table);
            json.WriteStartArray("ddls");
            foreach (var change in Changes)
                json.WriteStringValue(change.Text);
            json.WriteEndArray();
            json.WriteStartArray("sessions");
            foreach (var change in Changes)
            {
                json.WriteStartObject();
                json.WriteString("position", change.Position);
                json.WriteNumber("sql_mode", (ulong)change.Mode);
                json.WriteString("set", change.Session);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            if (IsRealTableAway)
                json.WriteBoolean("away", true);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <exception cref="JsonException">It is something else.</exception>
    public static ShadowRecord FromJson(string text)
    {
        using var document = JsonDocument.Parse(text);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            throw new JsonException("it is no object");
        var texts = Elements(root, "ddls").ConvertAll(Text);
        // DM writes none of these.
        var sessions = Elements(root, "sessions");
        return new ShadowRecord(Text(root, "schema"), Text(root, "table"))
        {
            Changes = [.. texts.Select((ddl, i) => i < sessions.Count ? Change(ddl, sessions[i]) : new RecordedDdl(ddl, "", SqlMode.None, ""))],
            IsRealTableAway = root.TryGetProperty("away", out var away) && away.ValueKind == JsonValueKind.True,
        };
    }

    private static RecordedDdl Change(string ddl, JsonElement session) =>
        new(ddl, Text(session, "position"), session.TryGetProperty("sql_mode", out var mode) && mode.TryGetUInt64(out var bits) ? (SqlMode)bits : SqlMode.None, Text(session, "set"));

    private static List<JsonElement> Elements(JsonElement owner, string key) =>
        owner.TryGetProperty(key, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [];

    private static string Text(JsonElement owner, string key) => owner.TryGetProperty(key, out var value) ? Text(value) : "";

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new JsonException("a text is something else");
}
