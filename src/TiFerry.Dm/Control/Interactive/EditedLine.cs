using System.Text;

namespace TiFerry.Dm.Control.Interactive;

/// <summary>A line with a cursor in it.</summary>
internal sealed class EditedLine
{
    private readonly List<Rune> _runes = [];

    /// <summary>The text.</summary>
    public string Text => string.Concat(_runes);

    /// <summary>The text before the cursor.</summary>
    public string BeforeCursor => string.Concat(_runes.Take(Cursor));

    /// <summary>How many characters stand before the cursor.</summary>
    public int Cursor { get; private set; }

    /// <summary>Whether there is nothing.</summary>
    public bool IsEmpty => _runes.Count == 0;

    /// <summary>Takes another text, with the cursor at its end.</summary>
    public void Replace(string text)
    {
        _runes.Clear();
        _runes.AddRange(text.EnumerateRunes());
        Cursor = _runes.Count;
    }

    /// <summary>Replaces the text before the cursor.</summary>
    public void ReplaceBeforeCursor(string text)
    {
        _runes.RemoveRange(0, Cursor);
        _runes.InsertRange(0, text.EnumerateRunes());
        Cursor = text.EnumerateRunes().Count();
    }

    /// <summary>Types a character.</summary>
    public void Insert(Rune rune) => _runes.Insert(Cursor++, rune);

    /// <summary>Does what an editing key does; other keys do nothing.</summary>
    public void Apply(KeyKind kind)
    {
        switch (kind)
        {
            case KeyKind.Left:
                Cursor = Math.Max(0, Cursor - 1);
                break;
            case KeyKind.Right:
                Cursor = Math.Min(_runes.Count, Cursor + 1);
                break;
            case KeyKind.WordLeft:
                Cursor = WordStart();
                break;
            case KeyKind.WordRight:
                Cursor = WordEnd();
                break;
            case KeyKind.Home:
                Cursor = 0;
                break;
            case KeyKind.End:
                Cursor = _runes.Count;
                break;
            case KeyKind.Backspace:
                RemoveBack(Math.Max(0, Cursor - 1));
                break;
            case KeyKind.Delete or KeyKind.DeleteOrEnd when Cursor < _runes.Count:
                _runes.RemoveAt(Cursor);
                break;
            case KeyKind.DeleteWord:
                RemoveBack(WordStart());
                break;
            case KeyKind.DeleteToStart:
                RemoveBack(0);
                break;
            case KeyKind.DeleteToEnd:
                _runes.RemoveRange(Cursor, _runes.Count - Cursor);
                break;
        }
    }

    private void RemoveBack(int to)
    {
        _runes.RemoveRange(to, Cursor - to);
        Cursor = to;
    }

    private int WordStart()
    {
        var at = Cursor;
        while (at > 0 && Rune.IsWhiteSpace(_runes[at - 1]))
            at--;
        while (at > 0 && !Rune.IsWhiteSpace(_runes[at - 1]))
            at--;
        return at;
    }

    private int WordEnd()
    {
        var at = Cursor;
        while (at < _runes.Count && Rune.IsWhiteSpace(_runes[at]))
            at++;
        while (at < _runes.Count && !Rune.IsWhiteSpace(_runes[at]))
            at++;
        return at;
    }
}
