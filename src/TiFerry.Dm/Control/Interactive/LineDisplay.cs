using System.Globalization;
using System.Text;

namespace TiFerry.Dm.Control.Interactive;

/// <summary>Shows a prompt and a line that may be longer than the terminal is wide.</summary>
/// <param name="output">The terminal, in raw mode: a line feed doesn't go back to the first column.</param>
/// <param name="width">Columns of the terminal now.</param>
internal sealed class LineDisplay(TextWriter output, Func<int> width)
{
    private int _cursorRow;

    /// <summary>Draws the line over the one drawn before.</summary>
    /// <param name="prompt">What stands before it; it may hold escape sequences.</param>
    /// <param name="line">The text.</param>
    /// <param name="cursor">How many characters stand before the cursor.</param>
    public void Draw(string prompt, string line, int cursor)
    {
        var columns = Math.Max(1, width());
        var text = new StringBuilder();
        if (_cursorRow > 0)
            text.Append(CultureInfo.InvariantCulture, $"\e[{_cursorRow}A");
        text.Append('\r').Append(prompt).Append(line);

        var position = (Row: 0, Column: PromptWidth(prompt));
        var at = 0;
        var atCursor = position;
        foreach (var rune in line.EnumerateRunes())
        {
            if (at++ == cursor)
                atCursor = Normal(position, columns);
            position = Advance(position, WidthOf(rune), columns);
        }
        // Behind the last column terminals wait with the next row until something is written.
        if (position.Column == columns)
            text.Append("\r\n");
        position = Normal(position, columns);
        if (cursor >= at)
            atCursor = position;

        text.Append("\e[J");
        if (position.Row > atCursor.Row)
            text.Append(CultureInfo.InvariantCulture, $"\e[{position.Row - atCursor.Row}A");
        text.Append('\r');
        if (atCursor.Column > 0)
            text.Append(CultureInfo.InvariantCulture, $"\e[{atCursor.Column}C");
        _cursorRow = atCursor.Row;
        output.Write(text);
        output.Flush();
    }

    /// <summary>Leaves the line: what is written next stands below it.</summary>
    public void Leave(string prompt, string line, string ending = "")
    {
        Draw(prompt, line, int.MaxValue);
        output.Write($"{ending}\r\n");
        output.Flush();
        _cursorRow = 0;
    }

    /// <summary>Clears the screen.</summary>
    public void Clear()
    {
        output.Write("\e[H\e[2J");
        _cursorRow = 0;
    }

    private static (int Row, int Column) Advance((int Row, int Column) position, int runeWidth, int columns) =>
        position.Column + runeWidth > columns ? (position.Row + 1, runeWidth) : (position.Row, position.Column + runeWidth);

    private static (int Row, int Column) Normal((int Row, int Column) position, int columns) =>
        position.Column >= columns ? (position.Row + 1, 0) : position;

    private static int PromptWidth(string prompt)
    {
        var columns = 0;
        var inEscape = false;
        foreach (var rune in prompt.EnumerateRunes())
        {
            if (rune.Value == '\e')
                inEscape = true;
            else if (inEscape)
                inEscape = rune.Value is '[' or ';' or (>= '0' and <= '9');
            else
                columns += WidthOf(rune);
        }
        return columns;
    }

    // Unicode's East Asian Width, coarsely: the blocks whose characters take two columns.
    private static int WidthOf(Rune rune) => rune.Value switch
    {
        _ when Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => 0,
        (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE6F) => 2,
        (>= 0xFF00 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6) or (>= 0x1F300 and <= 0x1FAFF) or (>= 0x20000 and <= 0x3FFFD) => 2,
        _ => 1,
    };
}
