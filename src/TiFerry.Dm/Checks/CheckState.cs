using System.Text.Json.Serialization;

namespace TiFerry.Dm.Checks;

/// <summary>How a check ended; in JSON <c>success</c>, <c>warn</c>, <c>fail</c>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CheckState>))]
public enum CheckState
{
    /// <summary>Nothing was found.</summary>
    [JsonStringEnumMemberName("success")]
    Success,

    /// <summary>The task can start; someone should know this.</summary>
    [JsonStringEnumMemberName("warn")]
    Warn,

    /// <summary>The task can't start.</summary>
    [JsonStringEnumMemberName("fail")]
    Fail,
}
