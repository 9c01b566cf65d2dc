using System.Globalization;
using TiFerry.Binlog.Relay;
using TiFerry.Core.Errors;

namespace TiFerry.Binlog;

/// <summary>
/// A place in a server's binlog: a file and the offset of the next event in it. Places of one server are ordered by the number at the end of the
/// file's name, then by the offset. Where a relay log has followed one server after the other, the number of the sub-directory comes before both;
/// a plain name belongs to the first.
/// </summary>
/// <param name="File">The file's name without directory, for example <c>binlog.000042</c>, or <c>binlog|000002.000042</c> in a relay log's second sub-directory.</param>
/// <param name="Position">Bytes from the start of the file; 4 is the first event.</param>
public readonly record struct BinlogPosition(string File, ulong Position) : IComparable<BinlogPosition>
{
    /// <summary>The offset of a file's first event.</summary>
    public const ulong FirstEvent = 4;

    /// <summary>Reads <c>file:position</c>.</summary>
    /// <exception cref="TiFerryException">The text is something else.</exception>
    public static BinlogPosition Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon > 0 && ulong.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var position))
            return new BinlogPosition(text[..colon].Trim(), position);
        throw new TiFerryException(BinlogErrors.Syntax, ErrorScope.NotSet, $"'{text}' is not a binlog position", "write it as file:position, for example binlog.000042:4");
    }

    /// <inheritdoc/>
    public int CompareTo(BinlogPosition other)
    {
        if (ReferenceEquals(File, other.File))
            return Position.CompareTo(other.Position);
        var byServer = RelayFileName.SubDirectoryOf(File).CompareTo(RelayFileName.SubDirectoryOf(other.File));
        if (byServer != 0)
            return byServer;
        var byFile = FileNumber(File).CompareTo(FileNumber(other.File));
        return byFile != 0 ? byFile : Position.CompareTo(other.Position);
    }

    /// <summary>Whether the left place comes first.</summary>
    public static bool operator <(BinlogPosition left, BinlogPosition right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left place comes later.</summary>
    public static bool operator >(BinlogPosition left, BinlogPosition right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left place does not come later.</summary>
    public static bool operator <=(BinlogPosition left, BinlogPosition right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left place does not come first.</summary>
    public static bool operator >=(BinlogPosition left, BinlogPosition right) => left.CompareTo(right) >= 0;

    /// <summary><c>file:position</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{File}:{Position}");

    private static ulong FileNumber(string? file) =>
        file is not null && ulong.TryParse(file.AsSpan(file.LastIndexOf('.') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
