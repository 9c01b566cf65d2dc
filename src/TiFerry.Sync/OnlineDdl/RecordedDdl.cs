using TiFerry.Schema.Lexing;

namespace TiFerry.Sync.OnlineDdl;

/// <summary>A change of a shadow table, kept until the table takes the real one's place.</summary>
/// <param name="Text">The statement in UTF-8, with the shadow table's name; all names have their schema.</param>
/// <param name="Position">Its end position on the source, <c>file:position</c>; empty where it isn't known.</param>
/// <param name="Mode">The sql_mode it was written under.</param>
/// <param name="Session">The SET statement that gives a session of the target the settings it was written under; empty where it isn't known.</param>
internal sealed record RecordedDdl(string Text, string Position, SqlMode Mode, string Session);
