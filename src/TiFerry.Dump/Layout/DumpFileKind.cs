namespace TiFerry.Dump.Layout;

/// <summary>What a file of a dump holds, as its name says.</summary>
public enum DumpFileKind
{
    /// <summary><c>{db}-schema-create.sql</c>.</summary>
    Database,

    /// <summary><c>{db}.{table}-schema.sql</c>.</summary>
    Table,

    /// <summary><c>{db}.{view}-schema-view.sql</c>.</summary>
    View,

    /// <summary><c>{db}.{table}.{number}.sql</c>, or without a number.</summary>
    Data,

    /// <summary>
    /// What other tools write and TiFerry does not carry: <c>-schema-triggers.sql</c>, <c>-schema-post.sql</c>, <c>-schema-sequence.sql</c>,
    /// <c>-placement-policy-create.sql</c>, and mydumper's <c>-metadata</c> and <c>-checksum</c>.
    /// </summary>
    Other,

    /// <summary>Rows in another form than SQL, or compressed.</summary>
    Unsupported,
}
