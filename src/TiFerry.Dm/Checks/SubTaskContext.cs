using TiFerry.Migration.Checks;
using TiFerry.Schema.Tables;

namespace TiFerry.Dm.Checks;

/// <summary>A source of the task with its connections.</summary>
/// <param name="SubTask">What is asked for.</param>
/// <param name="Servers">Both sides and what they hold.</param>
/// <param name="IsNew">Whether the target knows nothing of it yet; else its tables are its own.</param>
internal sealed record SubTaskContext(CheckedSubTask SubTask, CheckContext Servers, bool IsNew)
{
    /// <summary>A table of the source, for messages.</summary>
    public string Describe(TableName table) => $"sourceID {SubTask.SourceId} table {table}";
}
