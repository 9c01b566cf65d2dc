namespace TiFerry.Grpc;

/// <summary>What may be said about one call.</summary>
public sealed record GrpcCallOptions
{
    /// <summary>The longest time for the whole call; the server is told of it. Null for as long as it takes.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Headers for the server, names in lower case, ASCII values.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; init; } = [];
}
