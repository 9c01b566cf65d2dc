using TiFerry.Binlog;

namespace TiFerry.Programs.Ferry.Progress;

/// <summary>Positions for people.</summary>
internal static class Positions
{
    /// <summary><c>file:offset</c>, or a dash before there is one.</summary>
    public static string Text(BinlogPosition position) => string.IsNullOrEmpty(position.File) ? "-" : position.ToString();
}
