using System.Text;

namespace TiFerry.Dm.Control.Interactive;

/// <summary>What a key does in the line.</summary>
internal enum KeyKind
{
    Character,
    Enter,
    Tab,
    Left,
    Right,
    WordLeft,
    WordRight,
    Home,
    End,
    Backspace,
    Delete,
    DeleteWord,
    DeleteToStart,
    DeleteToEnd,
    Earlier,
    Later,
    Search,
    Redraw,
    Cancel,

    /// <summary>Ctrl-D: deletes a character, or ends an empty line.</summary>
    DeleteOrEnd,

    /// <summary>The terminal is gone.</summary>
    EndOfInput,

    /// <summary>A key without a meaning here.</summary>
    Other,
}

/// <summary>A key that was pressed.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Character">What it types.</param>
internal readonly record struct Key(KeyKind Kind, Rune Character = default);
