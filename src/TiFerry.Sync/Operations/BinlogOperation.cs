using System.Security.Cryptography;
using System.Text;
using TiFerry.Binlog;

namespace TiFerry.Sync.Operations;

/// <summary>What is done about the statement at a position (<c>dmctl binlog</c>).</summary>
/// <param name="Position">Where the statement's event begins, as <c>SHOW BINLOG EVENTS</c> gives it in the column <c>Pos</c>.</param>
/// <param name="Kind">What is done.</param>
/// <param name="Statements">The statements that are run instead or before, as for a session with an empty sql_mode; none for <see cref="BinlogOperationKind.Skip"/>.</param>
public sealed record BinlogOperation(BinlogPosition Position, BinlogOperationKind Kind, IReadOnlyList<string> Statements)
{
    /// <summary>Tells operations apart that were given for the same position.</summary>
    internal string Digest => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Kind}\0{string.Join('\0', Statements)}")).AsSpan(0, 8));
}
