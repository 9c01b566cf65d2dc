using System.Text.Json.Serialization;

namespace TiFerry.Migration.Meta;

[JsonSerializable(typeof(string[]))]
internal sealed partial class MetaJson : JsonSerializerContext;
