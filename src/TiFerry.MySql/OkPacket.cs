namespace TiFerry.MySql;

/// <summary>The outcome of a statement: the server's OK packet, or what an EOF packet says at the end of rows.</summary>
/// <param name="AffectedRows">Rows changed; 0 at the end of a result with rows.</param>
/// <param name="LastInsertId">The first AUTO_INCREMENT value generated; 0 if none.</param>
/// <param name="StatusFlags">The server's <c>SERVER_STATUS_*</c> bits.</param>
/// <param name="Warnings">The number of warnings.</param>
/// <param name="Info">The server's remark, for example <c>Records: 2  Duplicates: 0  Warnings: 0</c>; null if none.</param>
public readonly record struct OkPacket(ulong AffectedRows, ulong LastInsertId, ushort StatusFlags, int Warnings, string? Info)
{
    private const ushort InTransactionFlag = 0x0001;
    private const ushort AutocommitFlag = 0x0002;
    private const ushort MoreResultsFlag = 0x0008;
    private const ushort NoBackslashEscapesFlag = 0x0200;

    /// <summary>A transaction is open.</summary>
    public bool InTransaction => (StatusFlags & InTransactionFlag) != 0;

    /// <summary>The session commits every statement.</summary>
    public bool IsAutocommit => (StatusFlags & AutocommitFlag) != 0;

    /// <summary>Another result follows.</summary>
    public bool HasMoreResults => (StatusFlags & MoreResultsFlag) != 0;

    /// <summary>The session's sql_mode holds NO_BACKSLASH_ESCAPES: text from <see cref="SqlBuffer.AppendString"/> would be misread.</summary>
    public bool HasNoBackslashEscapes => (StatusFlags & NoBackslashEscapesFlag) != 0;
}
