namespace TiFerry.Sync.OnlineDdl;

/// <summary>What a table is to an online schema change tool.</summary>
public enum OnlineTableKind
{
    /// <summary>A table like any other.</summary>
    Real,

    /// <summary>The copy that gets the new shape and takes the real table's place (<c>_t_gho</c>, <c>_t_new</c>); DM calls it shadow or ghost.</summary>
    Shadow,

    /// <summary>A table that is of no interest: the tool's own log, or the old table on its way out (<c>_t_ghc</c>, <c>_t_del</c>, <c>_t_old</c>).</summary>
    Trash,
}
