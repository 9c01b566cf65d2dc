namespace TiFerry.Schema.Ddl;

/// <summary>One renamed table.</summary>
/// <param name="From">The name before.</param>
/// <param name="To">The name afterwards.</param>
public readonly record struct ObjectRename(ObjectName From, ObjectName To);
