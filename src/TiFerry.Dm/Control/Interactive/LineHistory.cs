namespace TiFerry.Dm.Control.Interactive;

/// <summary>Lines typed before, kept in a file that its owner alone may read. A file that can't be used is no reason to stop: the history then ends with the process.</summary>
internal sealed class LineHistory
{
    private const int MostLines = 500;

    private readonly List<string> _lines = [];
    private readonly string _path;

    /// <summary>The history of a file.</summary>
    public LineHistory(string path)
    {
        _path = path;
        try
        {
            var lines = File.Exists(path) ? File.ReadAllLines(path) : [];
            _lines.AddRange(lines.TakeLast(MostLines));
            if (lines.Length > 2 * MostLines)
                PrivateFile.Write(path, FileMode.Create, string.Concat(_lines.Select(line => line + "\n")));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // See above.
        }
    }

    /// <summary>The file of this user.</summary>
    public static string DefaultPath => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".dmctl.history");

    /// <summary>How many lines there are.</summary>
    public int Count => _lines.Count;

    /// <summary>A line; the oldest is 0.</summary>
    public string this[int place] => _lines[place];

    /// <summary>Adds a line, unless it is the one added last.</summary>
    public void Add(string line)
    {
        if (_lines.Count > 0 && _lines[^1] == line)
            return;
        _lines.Add(line);
        try
        {
            PrivateFile.Write(_path, FileMode.Append, line + "\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // See above.
        }
    }
}
