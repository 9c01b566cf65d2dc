using System.Text.Json.Serialization;

namespace TiFerry.Dm.Checks;

/// <summary>One thing that a check found. Keys are DM's.</summary>
public sealed record CheckFinding
{
    /// <summary>What it means for the task.</summary>
    [JsonPropertyName("severity")]
    public required CheckState Severity { get; init; }

    /// <summary>What was found, naming the object.</summary>
    [JsonPropertyName("short_error")]
    public required string ShortError { get; init; }

    /// <summary>Where two tables differ: the first.</summary>
    [JsonPropertyName("self")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Self { get; init; }

    /// <summary>Where two tables differ: the other.</summary>
    [JsonPropertyName("other")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Other { get; init; }
}

/// <summary>What one check says of one server, or of the whole task. Keys are DM's.</summary>
public sealed record CheckOutcome
{
    /// <summary>Its place among the checks, from 0.</summary>
    [JsonPropertyName("id")]
    public long Id { get; init; }

    /// <summary>DM's name of the check.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>What it looks at.</summary>
    [JsonPropertyName("desc")]
    public required string Description { get; init; }

    /// <summary>The worst of what it found.</summary>
    [JsonPropertyName("state")]
    public required CheckState State { get; init; }

    /// <summary>What it found; null for nothing.</summary>
    [JsonPropertyName("errors")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<CheckFinding>? Errors { get; init; }

    /// <summary>What can be done about it; null for nothing.</summary>
    [JsonPropertyName("instruction")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Instruction { get; init; }

    /// <summary>Which server or table was looked at; null for the whole task.</summary>
    [JsonPropertyName("extra")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Extra { get; init; }
}

/// <summary>How many checks ended in which way. Keys are DM's.</summary>
public sealed record CheckSummary
{
    /// <summary>Whether no check failed.</summary>
    [JsonPropertyName("passed")]
    public required bool Passed { get; init; }

    /// <summary>All checks.</summary>
    [JsonPropertyName("total")]
    public required int Total { get; init; }

    /// <summary>Those that found nothing.</summary>
    [JsonPropertyName("successful")]
    public required int Successful { get; init; }

    /// <summary>Those that stop the task.</summary>
    [JsonPropertyName("failed")]
    public required int Failed { get; init; }

    /// <summary>Those with warnings only.</summary>
    [JsonPropertyName("warning")]
    public required int Warning { get; init; }
}
