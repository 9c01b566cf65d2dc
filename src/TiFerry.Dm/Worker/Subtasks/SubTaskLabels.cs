namespace TiFerry.Dm.Worker.Subtasks;

/// <summary>How metrics name a subtask.</summary>
/// <param name="Task">The label <c>task</c>.</param>
/// <param name="Source">The label <c>source_id</c>.</param>
/// <param name="Worker">The label <c>worker</c>.</param>
internal sealed record SubTaskLabels(string Task, string Source, string Worker);
