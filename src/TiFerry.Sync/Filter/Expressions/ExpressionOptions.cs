using TiFerry.Schema.Lexing;

namespace TiFerry.Sync.Filter.Expressions;

/// <summary>What expressions depend on besides the row.</summary>
/// <param name="Source">The source's flavour and version, whose semantics decide, with the sql_mode in which the expressions are written.</param>
/// <param name="TimeZone">The time zone in which TIMESTAMP values are seen; null for UTC.</param>
public sealed record ExpressionOptions(SqlDialect Source, TimeZoneInfo? TimeZone = null);
