namespace TiFerry.Dm.Master.Databases;

/// <summary>What a task is started with besides its file.</summary>
/// <param name="RemovesMeta">Whether what it has left in the meta schema is taken away first.</param>
/// <param name="IsAtTime">Whether it follows from a time.</param>
internal readonly record struct TaskBeginning(bool RemovesMeta, bool IsAtTime);
