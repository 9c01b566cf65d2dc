using System.Buffers;
using System.Text;
using Microsoft.Win32.SafeHandles;
using TiFerry.Core.Errors;
using TiFerry.Import.Source;

namespace TiFerry.Import.Sql;

/// <summary>Reads the INSERT statements of a file row by row, holding no more of it than the longest row. Not thread-safe.</summary>
internal sealed class DataFileReader : IDisposable
{
    private const int InitialBytes = 1024 * 1024;
    private readonly DataFile _file;
    private readonly SafeFileHandle _handle;
    private byte[] _buffer;

    // The unread bytes in the buffer, and where the first of them stands in the file.
    private int _start;
    private int _end;
    private long _startOffset;
    private bool _isEnd;
    private int _rowLength;
    private bool _sawRows;

    private DataFileReader(DataFile file, SafeFileHandle handle, int bufferBytes)
    {
        _buffer = ArrayPool<byte>.Shared.Rent(bufferBytes);
        _file = file;
        _handle = handle;
    }

    /// <summary>What the beginning of the file says about its rows.</summary>
    public FileSettings Settings { get; private set; }

    /// <summary>What stands before the current statement's rows.</summary>
    public InsertHead Head { get; private set; } = new(null, "", null);

    /// <summary>Where the current statement begins.</summary>
    public long StatementOffset { get; private set; }

    /// <summary>The end of the last statement that was read to its end.</summary>
    public long Offset { get; private set; }

    /// <summary>The current row with its brackets; valid until the next call.</summary>
    public ReadOnlySpan<byte> Row => _buffer.AsSpan(_start, _rowLength);

    /// <summary>Opens a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="offset">Where to go on: 0, or an <see cref="Offset"/> of an earlier reader.</param>
    /// <param name="ct">Stops the reading.</param>
    /// <param name="bufferBytes">How much of the file is held at first; it grows with the rows.</param>
    /// <exception cref="TiFerryException">The file can't be read or makes no sense.</exception>
    public static async ValueTask<DataFileReader> OpenAsync(DataFile file, long offset, CancellationToken ct, int bufferBytes = InitialBytes)
    {
        DataFileReader? reader = null;
        try
        {
            reader = new DataFileReader(file, File.OpenHandle(file.FullPath, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.Asynchronous | FileOptions.SequentialScan), bufferBytes);
            await reader.ReadSettingsAsync(ct);
            if (offset > reader._startOffset)
                reader.Seek(offset);
            return reader;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            reader?.Dispose();
            throw new TiFerryException(LoadErrors.BadDataFile, ErrorScope.Internal, $"{file.FullPath} can't be read", null, e);
        }
        catch
        {
            reader?.Dispose();
            throw;
        }
    }

    /// <summary>Goes to the rows of the next statement; false at the end of the file.</summary>
    /// <param name="ct">Stops the reading.</param>
    /// <exception cref="TiFerryException">The file makes no sense or ends in the middle.</exception>
    public async ValueTask<bool> NextStatementAsync(CancellationToken ct)
    {
        await SkipBlankAsync(ct);
        while (_end > _start && _buffer[_start] == ';')
        {
            Advance(1);
            await SkipBlankAsync(ct);
        }
        if (_end == _start)
        {
            Offset = _startOffset;
            return false;
        }
        StatementOffset = _startOffset;
        if (!AtInsert())
            throw Bad(StatementOffset, "a statement that is no INSERT stands among the rows");
        while (true)
        {
            var head = ReadHead(out var length);
            if (head is not null)
            {
                Head = head;
                Advance(length);
                _sawRows = false;
                return true;
            }
            if (!await FillAsync(ct))
                throw Truncated();
        }
    }

    /// <summary>Goes to the next row of the statement; false at its end.</summary>
    /// <param name="ct">Stops the reading.</param>
    /// <exception cref="TiFerryException">The file makes no sense or ends in the middle.</exception>
    public async ValueTask<bool> NextRowAsync(CancellationToken ct)
    {
        Advance(_rowLength);
        _rowLength = 0;
        await SkipBlankAsync(ct);
        if (_sawRows)
        {
            var sign = await SignAsync(ct);
            if (sign == ';')
            {
                Advance(1);
                Offset = _startOffset;
                return false;
            }
            if (sign != ',')
                throw Bad(_startOffset, "what stands behind a row is neither ',' nor ';'");
            Advance(1);
            await SkipBlankAsync(ct);
        }
        if (await SignAsync(ct) != '(')
            throw Bad(_startOffset, "a row does not begin with '('");
        int length;
        while ((length = SqlScanner.RowEnd(_buffer.AsSpan(_start, _end - _start))) == SqlScanner.Incomplete)
        {
            if (!await FillAsync(ct))
                throw Truncated();
        }
        if (length == SqlScanner.CutOff)
            throw Bad(_startOffset, "a row ends in the middle");
        _rowLength = length;
        _sawRows = true;
        return true;
    }

    /// <summary>An error in the file.</summary>
    /// <param name="offset">Where.</param>
    /// <param name="what">What is wrong there.</param>
    public TiFerryException Bad(long offset, string what) => new(LoadErrors.BadStatement, ErrorScope.Internal,
        $"{_file.FullPath}, line {LineAt(offset)}, table {_file.Table}: {what}", "dump again; files that were changed by hand have to keep the form that the dump gave them");

    /// <summary>The line of a place in the file, from 1.</summary>
    public long LineAt(long offset)
    {
        var line = 1L;
        var buffer = ArrayPool<byte>.Shared.Rent(InitialBytes);
        for (var at = 0L; at < offset;)
        {
            var read = RandomAccess.Read(_handle, buffer.AsSpan(0, (int)Math.Min(buffer.Length, offset - at)), at);
            if (read == 0)
                break;
            line += buffer.AsSpan(0, read).Count((byte)'\n');
            at += read;
        }
        ArrayPool<byte>.Shared.Return(buffer);
        return line;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _handle.Dispose();
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    // The statements before the first INSERT.
    private async ValueTask ReadSettingsAsync(CancellationToken ct)
    {
        while (true)
        {
            await SkipBlankAsync(ct);
            if (_end == _start || AtInsert())
                return;
            int length;
            while ((length = SqlScanner.StatementEnd(_buffer.AsSpan(_start, _end - _start))) == SqlScanner.Incomplete)
            {
                if (!await FillAsync(ct))
                    throw Truncated();
            }
            try
            {
                Settings = Settings.With(_buffer.AsSpan(_start, length));
            }
            catch (FormatException e)
            {
                throw Bad(_startOffset, e.Message);
            }
            Advance(length);
            Offset = _startOffset;
        }
    }

    private InsertHead? ReadHead(out int length)
    {
        try
        {
            return InsertHead.Read(_buffer.AsSpan(_start, _end - _start), _isEnd, out length);
        }
        catch (FormatException e)
        {
            throw Bad(StatementOffset, e.Message);
        }
    }

    private bool AtInsert()
    {
        var text = _buffer.AsSpan(_start, _end - _start);
        return IsWord(text, "INSERT"u8) || IsWord(text, "REPLACE"u8);

        static bool IsWord(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) =>
            text.Length > word.Length && Ascii.EqualsIgnoreCase(text[..word.Length], word) && text[word.Length] is not ((byte)'_' or (byte)'(');
    }

    private async ValueTask<byte> SignAsync(CancellationToken ct) =>
        _end > _start || await FillAsync(ct) ? _buffer[_start] : throw Truncated();

    // Leaves at least a few bytes to look at, unless the file ends.
    private async ValueTask SkipBlankAsync(CancellationToken ct)
    {
        while (true)
        {
            var blank = SqlScanner.Blank(_buffer.AsSpan(_start, _end - _start), _isEnd);
            if (blank >= 0)
            {
                Advance(blank);
                if (_end - _start >= 16 || _isEnd)
                    return;
            }
            await FillAsync(ct);
        }
    }

    private void Advance(int count)
    {
        _start += count;
        _startOffset += count;
    }

    private void Seek(long offset)
    {
        (_start, _end, _startOffset, _isEnd) = (0, 0, offset, false);
        Offset = offset;
    }

    private async ValueTask<bool> FillAsync(CancellationToken ct)
    {
        if (_isEnd)
            return false;
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_end == _buffer.Length)
            Grow();
        var read = await RandomAccess.ReadAsync(_handle, _buffer.AsMemory(_end), _startOffset + _end, ct);
        _end += read;
        _isEnd = read == 0;
        return read > 0;
    }

    private void Grow()
    {
        if (_buffer.Length >= Array.MaxLength / 2)
            throw Bad(_startOffset, "a row is longer than 1 GiB");
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(0, _end).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private TiFerryException Truncated() => Bad(StatementOffset, "the file ends in the middle of a statement that begins there");
}
