using TiFerry.Binlog;
using TiFerry.Schema.Tables;

namespace TiFerry.Migration.Meta;

/// <summary>What kind of object is copied.</summary>
public enum ObjectKind
{
    /// <summary>A database; its name has no table part.</summary>
    Schema,

    /// <summary>A base table.</summary>
    Table,

    /// <summary>A view.</summary>
    View,
}

/// <summary>How far the copy of an object is.</summary>
public enum CopyState
{
    /// <summary>Known, nothing done on the target.</summary>
    Planned,

    /// <summary>Created on the target; rows are being copied.</summary>
    Created,

    /// <summary>All rows are on the target.</summary>
    Copied,

    /// <summary>The source dropped it after the copy began; the target does not have it.</summary>
    Gone,
}

/// <summary>One row of <c>copy_object</c>.</summary>
/// <param name="Name">Schema and name on the source.</param>
/// <param name="Kind">What it is.</param>
/// <param name="State">How far it is.</param>
/// <param name="CopiedAt">The source position that its copy holds; null before it is created.</param>
/// <param name="EstimatedRows">The server's estimate when it was listed.</param>
/// <param name="EstimatedBytes">The server's estimate of the data's size.</param>
/// <param name="Rows">Rows copied so far, by committed chunks.</param>
/// <param name="DeferredIndexes">Definitions of the indexes that are added when all rows are there.</param>
public sealed record CopyObject(
    TableName Name, ObjectKind Kind, CopyState State, BinlogPosition? CopiedAt, long EstimatedRows, long EstimatedBytes, long Rows,
    IReadOnlyList<string> DeferredIndexes)
{
    /// <summary>Whether the target had the table before, with columns that the source lacks: when its copy begins again it is emptied, not dropped.</summary>
    public bool KeepsTable { get; init; }

    /// <summary>Whether the target's table held rows before that are nobody's of this task: its copy can't begin again, because that would take them away.</summary>
    public bool KeepsRows { get; init; }
}
