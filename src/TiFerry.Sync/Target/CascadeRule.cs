using TiFerry.Schema.Tables;

namespace TiFerry.Sync.Target;

/// <summary>What a foreign key does to a child's rows when the parent's row goes or changes its key.</summary>
public enum CascadeAction
{
    /// <summary>Nothing that changes rows (RESTRICT, NO ACTION).</summary>
    None,

    /// <summary>The child's rows follow (CASCADE).</summary>
    Cascade,

    /// <summary>The child's columns become NULL (SET NULL).</summary>
    SetNull,
}

/// <summary>
/// A foreign key whose engine-side action changes rows of the child table. InnoDB does not write these changes to the binlog
/// (MySQL manual, "Foreign Keys and Replication"), so whoever applies it has to make them too.
/// </summary>
/// <param name="Child">The referencing table.</param>
/// <param name="ChildColumns">The referencing columns' names, in key order.</param>
/// <param name="ParentColumns">The referenced columns' ordinals, in key order.</param>
/// <param name="OnDelete">What happens when the parent's row is deleted.</param>
/// <param name="OnUpdate">What happens when the referenced columns change.</param>
public sealed record CascadeRule(
    TableName Child, IReadOnlyList<string> ChildColumns, IReadOnlyList<int> ParentColumns, CascadeAction OnDelete, CascadeAction OnUpdate);
