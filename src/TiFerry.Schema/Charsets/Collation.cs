namespace TiFerry.Schema.Charsets;

/// <summary>A collation as the servers know it.</summary>
/// <param name="Id">Its number in the protocol and in query events.</param>
/// <param name="Name">Its name; for 3-byte UTF-8 in the newer spelling <c>utf8mb3_...</c>.</param>
/// <param name="Charset">The character set it belongs to.</param>
public sealed record Collation(int Id, string Name, string Charset);
