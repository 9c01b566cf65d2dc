using TiFerry.Dm.Worker.Stages;
using TiFerry.Dm.Worker.Subtasks;
using TiFerry.MySql;

namespace TiFerry.Dm.Worker.Sources;

/// <summary>How a worker deals with a source, from its configuration.</summary>
internal sealed record SourceSetup
{
    /// <summary>The source's name.</summary>
    public required string Source { get; init; }

    /// <summary>How to reach it.</summary>
    public required MySqlConnectionOptions Connection { get; init; }

    /// <summary>How what errors paused is resumed; null to leave that to people (<c>check-enable: false</c>).</summary>
    public required AutoResumeOptions? AutoResume { get; init; }

    /// <summary>Makes the work of a subtask; must not throw: what is wrong with it is found when it runs.</summary>
    public required Func<SubTaskWish, ISubTaskWork> CreateWork { get; init; }

    /// <summary>Makes the relay log.</summary>
    public required Func<SourceWorker, SourceRelay> CreateRelay { get; init; }
}
