namespace TiFerry.Dump.Consistency;

/// <summary>How all sessions come to see the same moment (Dumpling's <c>--consistency</c>).</summary>
public enum DumpConsistency
{
    /// <summary>Like <see cref="Flush"/>, or <see cref="Lock"/> where the account may not do that.</summary>
    Auto,

    /// <summary>FLUSH TABLES WITH READ LOCK while the sessions' snapshots begin.</summary>
    Flush,

    /// <summary>LOCK TABLES ... READ of the dumped tables while the sessions' snapshots begin.</summary>
    Lock,

    /// <summary>No lock: each session has a snapshot of its own, and the binlog has to be applied from the noted position in safe mode.</summary>
    None,
}
