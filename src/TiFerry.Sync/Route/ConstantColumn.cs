using TiFerry.Schema.Tables;

namespace TiFerry.Sync.Route;

/// <summary>A column of the target whose value comes from the name of the source, its schema or its table, the same for every row.</summary>
/// <param name="Target">The target's column.</param>
/// <param name="Literal">The value as SQL, UTF-8.</param>
internal sealed record ConstantColumn(Column Target, byte[] Literal);
