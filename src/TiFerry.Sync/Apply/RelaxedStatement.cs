namespace TiFerry.Sync.Apply;

/// <summary>A statement that needs the relaxed sql_mode, in which every ENUM error value gives one warning, and nothing else may.</summary>
/// <param name="Place">Where it stands in the packet.</param>
/// <param name="EnumErrors">How many error values it writes.</param>
internal readonly record struct RelaxedStatement(Range Place, int EnumErrors);
