namespace TiFerry.Dm.Config.Tasks;

/// <summary><c>task-mode</c>.</summary>
public enum TaskMode
{
    /// <summary><c>all</c>: copy everything, then follow the source.</summary>
    All,

    /// <summary><c>full</c>: copy everything.</summary>
    Full,

    /// <summary><c>incremental</c>: follow the source.</summary>
    Incremental,

    /// <summary><c>dump</c>: export into files.</summary>
    Dump,

    /// <summary><c>load</c>: import from files.</summary>
    Load,
}
