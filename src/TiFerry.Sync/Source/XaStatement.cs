using System.Text;

namespace TiFerry.Sync.Source;

/// <summary>What an XA statement does.</summary>
internal enum XaKind
{
    /// <summary>XA START.</summary>
    Start,

    /// <summary>XA END.</summary>
    End,

    /// <summary>XA COMMIT of a prepared transaction.</summary>
    Commit,

    /// <summary>XA ROLLBACK of a prepared transaction.</summary>
    Rollback,
}

/// <summary>An XA statement as servers log it: <c>XA START X'6162',X'',1</c>.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Id">The transaction's identifier as it is written.</param>
internal readonly record struct XaStatement(XaKind Kind, string Id)
{
    /// <summary>Reads a statement.</summary>
    /// <param name="sql">The text.</param>
    /// <param name="statement">What it says.</param>
    /// <returns>False for any other statement.</returns>
    public static bool TryRead(ReadOnlySpan<byte> sql, out XaStatement statement)
    {
        statement = default;
        if (!sql.StartsWith("XA "u8))
            return false;
        var rest = sql[3..];
        var space = rest.IndexOf((byte)' ');
        if (space < 0)
            return false;
        XaKind? kind = Encoding.ASCII.GetString(rest[..space]) switch
        {
            "START" or "BEGIN" => XaKind.Start,
            "END" => XaKind.End,
            "COMMIT" => XaKind.Commit,
            "ROLLBACK" => XaKind.Rollback,
            _ => null,
        };
        if (kind is null)
            return false;
        statement = new XaStatement(kind.Value, Encoding.UTF8.GetString(rest[(space + 1)..]).Trim().ToUpperInvariant());
        return true;
    }
}
