namespace TiFerry.Dm.Control.Interactive;

/// <summary>Reads a line from a terminal in raw mode, with editing, history, search (Ctrl-R) and completion (Tab).</summary>
/// <param name="keys">The keys.</param>
/// <param name="display">Where the line is shown.</param>
/// <param name="history">Lines typed before.</param>
/// <param name="complete">Completes the text before the cursor.</param>
internal sealed class LineEditor(KeyReader keys, LineDisplay display, LineHistory history, Func<string, Task<Completion>> complete)
{
    private readonly EditedLine _line = new();
    private string _prompt = "";

    /// <summary>Reads a line.</summary>
    /// <param name="prompt">What stands before it.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <returns>The line; null after Ctrl-C, Ctrl-D on an empty line, or when the terminal is gone.</returns>
    public async Task<string?> ReadAsync(string prompt, CancellationToken stop)
    {
        _prompt = prompt;
        _line.Replace("");
        var place = history.Count;
        var typed = "";
        Draw();
        while (true)
        {
            var key = await keys.ReadAsync(stop);
            switch (key.Kind)
            {
                case KeyKind.Character:
                    _line.Insert(key.Character);
                    break;
                case KeyKind.Enter:
                    display.Leave(_prompt, _line.Text);
                    return _line.Text;
                case KeyKind.Cancel:
                    display.Leave(_prompt, _line.Text, "^C");
                    return null;
                case KeyKind.DeleteOrEnd when _line.IsEmpty:
                    display.Leave(_prompt, "", "^D");
                    return null;
                case KeyKind.EndOfInput:
                    return null;
                case KeyKind.Tab:
                    await CompleteAsync();
                    break;
                case KeyKind.Search:
                    if (await SearchAsync(stop))
                        return _line.Text;
                    break;
                case KeyKind.Redraw:
                    display.Clear();
                    break;
                case KeyKind.Earlier when place > 0:
                    typed = place == history.Count ? _line.Text : typed;
                    _line.Replace(history[--place]);
                    break;
                case KeyKind.Later when place < history.Count:
                    _line.Replace(++place == history.Count ? typed : history[place]);
                    break;
                default:
                    _line.Apply(key.Kind);
                    break;
            }
            Draw();
        }
    }

    private void Draw() => display.Draw(_prompt, _line.Text, _line.Cursor);

    private async Task CompleteAsync()
    {
        var before = _line.BeforeCursor;
        var completion = await complete(before);
        var common = completion.CommonStart;
        if (completion.Candidates.Count == 1)
            _line.ReplaceBeforeCursor(before[..completion.Start] + common + (completion.IsOpen ? "" : " "));
        else if (common.Length > before.Length - completion.Start)
            _line.ReplaceBeforeCursor(before[..completion.Start] + common);
        else if (completion.Candidates.Count > 1)
            display.Leave(_prompt, _line.Text, "\r\n" + string.Join("  ", completion.Candidates));
    }

    // Each key narrows the search; Ctrl-R goes further back. Enter runs what was found (true), Ctrl-C leaves the line as it was, any other key edits it.
    private async Task<bool> SearchAsync(CancellationToken stop)
    {
        var before = _line.Text;
        var wanted = new EditedLine();
        var place = history.Count;
        while (true)
        {
            display.Draw($"(reverse-i-search)`{wanted.Text}': ", _line.Text, int.MaxValue);
            var key = await keys.ReadAsync(stop);
            switch (key.Kind)
            {
                case KeyKind.Character:
                    wanted.Insert(key.Character);
                    place = Find(wanted.Text, history.Count);
                    break;
                case KeyKind.Backspace:
                    wanted.Apply(KeyKind.Backspace);
                    place = Find(wanted.Text, history.Count);
                    break;
                case KeyKind.Search:
                    place = Find(wanted.Text, place);
                    break;
                case KeyKind.Enter:
                    display.Leave(_prompt, _line.Text);
                    return true;
                case KeyKind.Cancel:
                    _line.Replace(before);
                    return false;
                default:
                    _line.Apply(key.Kind);
                    return false;
            }
        }

        int Find(string text, int from)
        {
            for (var i = from - 1; i >= 0 && text.Length > 0; i--)
            {
                if (history[i].Contains(text, StringComparison.OrdinalIgnoreCase))
                {
                    _line.Replace(history[i]);
                    return i;
                }
            }
            return from;
        }
    }
}
