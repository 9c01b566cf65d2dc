namespace TiFerry.Core.Errors;

/// <summary>Which side an error happened on, as DM prints it.</summary>
public enum ErrorScope
{
    /// <summary>Neither database is involved (<c>not-set</c>).</summary>
    NotSet,

    /// <summary>The source database.</summary>
    Upstream,

    /// <summary>The target database.</summary>
    Downstream,

    /// <summary>This program itself.</summary>
    Internal,
}
