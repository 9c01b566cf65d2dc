namespace TiFerry.Import;

/// <summary>What happens to a row whose primary or unique key the target has already (DM's <c>on-duplicate-logical</c>).</summary>
public enum DuplicateRows
{
    /// <summary>It takes the other's place.</summary>
    Replace,

    /// <summary>The load stops.</summary>
    Error,

    /// <summary>It is left out.</summary>
    Ignore,
}
