namespace TiFerry.Dm.Config.Tasks;

/// <summary>What the loader does with a row whose key the target has already.</summary>
public enum OnDuplicate
{
    /// <summary><c>replace</c>: the new row takes the old one's place.</summary>
    Replace,

    /// <summary><c>error</c>: the load stops.</summary>
    Error,

    /// <summary><c>ignore</c>: the old row stays.</summary>
    Ignore,
}
