using System.Buffers;
using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using TiFerry.Binlog.Events;

namespace TiFerry.Binlog.Files;

/// <summary>
/// Reads a binlog file (or relay log file) from disk, event by event, through one buffer that is as large as the largest event, at least 1 MiB.
/// Events out of transaction payloads come as if they stood in the file.
/// </summary>
public sealed class BinlogFileReader : IDisposable
{
    private const int MinBufferSize = 1 << 20;
    private const int EventSizeAt = 9;

    private static ReadOnlySpan<byte> Magic => [0xFE, (byte)'b', (byte)'i', (byte)'n'];

    private static ReadOnlySpan<byte> EncryptedMagic => [0xFD, (byte)'b', (byte)'i', (byte)'n'];

    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly bool _ownsParser;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(MinBufferSize);
    private long _fileOffset;
    private int _start;
    private int _end;

    private BinlogFileReader(SafeFileHandle file, string path, BinlogEventParser? parser)
    {
        _file = file;
        _path = path;
        _ownsParser = parser is null;
        Parser = parser ?? new BinlogEventParser();
    }

    /// <summary>The parser behind the reader: the file's format, and settings.</summary>
    public BinlogEventParser Parser { get; }

    /// <summary>Position after the event that <see cref="TryRead"/> gave last.</summary>
    public long Position => _fileOffset - (_end - _start);

    /// <summary>Where the event starts that was read last, or that could not be read.</summary>
    internal long EventStart { get; private set; }

    /// <summary>Whether someone may be writing the file: an end within an event is no damage, whatever the file's head says.</summary>
    internal bool IsGrowing { get; init; }

    /// <summary>Whether the file ended within an event when it was last looked at.</summary>
    internal bool HasPartialEvent => _end > _start;

    /// <summary>Bytes in the file now.</summary>
    internal long Length => RandomAccess.GetLength(_file);

    /// <summary>Opens a file at its first event.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="Core.Errors.TiFerryException">It is no binlog file, or an encrypted one.</exception>
    public static BinlogFileReader Open(string path) => Open(path, parser: null, isGrowing: false);

    /// <summary>Opens a file at its first event.</summary>
    /// <param name="path">The file.</param>
    /// <param name="parser">One that outlives the reader; null for one of its own.</param>
    /// <param name="isGrowing">See <see cref="IsGrowing"/>.</param>
    internal static BinlogFileReader Open(string path, BinlogEventParser? parser, bool isGrowing)
    {
        var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
        var reader = new BinlogFileReader(file, path, parser) { IsGrowing = isGrowing };
        try
        {
            reader.ReadMagic();
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Reads the next event, which is valid until the next call. False at the end of the file, also where a file that is being written ends within an event.</summary>
    /// <exception cref="Core.Errors.TiFerryException">The file is damaged, or ends within an event though the server closed it.</exception>
    public bool TryRead(out BinlogEvent? next)
    {
        if (Parser.TryParseInner(out next))
            return true;
        if (!TryReadRaw(out var raw))
            return false;
        next = Parser.Parse(raw);
        return true;
    }

    /// <summary>Reads the bytes of the next event, which are valid until the next call, and leaves the parser out. False as for <see cref="TryRead"/>.</summary>
    /// <exception cref="Core.Errors.TiFerryException">The event has an impossible size, or the file ends within an event though the server closed it.</exception>
    internal bool TryReadRaw(out ReadOnlyMemory<byte> raw)
    {
        raw = default;
        EventStart = Position;
        if (!Fill(EventHeader.Size))
            return EndOfFile();
        var size = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_start + EventSizeAt));
        if (size is < EventHeader.Size or > int.MaxValue)
            throw BinlogErrors.CorruptAt($"an event has a size of {size} bytes", At());
        if (!Fill((int)size))
            return EndOfFile();

        raw = _buffer.AsMemory(_start, (int)size);
        _start += (int)size;
        return true;
    }

    /// <summary>Goes on at another place, the start of an event; also at the present one, to forget what was seen of an unfinished event.</summary>
    internal void MoveTo(long position)
    {
        _fileOffset = position;
        _start = _end = 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_file.IsClosed)
            return;
        _file.Dispose();
        if (_ownsParser)
            Parser.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    private void ReadMagic()
    {
        if (!Fill(Magic.Length))
            throw BinlogErrors.CorruptAt("the file is shorter than four bytes", At());
        var magic = _buffer.AsSpan(_start, Magic.Length);
        if (magic.SequenceEqual(EncryptedMagic))
            throw BinlogErrors.UnsupportedAt($"{_path} is an encrypted binlog file", "read it through the server, or set binlog_encryption=OFF on the source");
        if (!magic.SequenceEqual(Magic))
            throw BinlogErrors.CorruptAt("the file does not start like a binlog file", At());
        _start += Magic.Length;
    }

    private bool EndOfFile()
    {
        if (HasPartialEvent && !IsGrowing && Parser.FormatDescription.IsClosed)
            throw BinlogErrors.CorruptAt("the file ends within an event", At());
        return false;
    }

    /// <summary>Sees to it that so many bytes from the current event's first on are in the buffer; false when the file ends before.</summary>
    private bool Fill(int length)
    {
        while (_end - _start < length)
        {
            // A damaged size must not cost memory.
            if (length > _buffer.Length && Length - Position < length)
                return false;
            if (_start + length > _buffer.Length)
                MakeRoom(length);
            var read = RandomAccess.Read(_file, _buffer.AsSpan(_end), _fileOffset);
            if (read == 0)
                return false;
            _end += read;
            _fileOffset += read;
        }

        return true;
    }

    private void MakeRoom(int length)
    {
        var held = _buffer.AsSpan(_start, _end - _start);
        if (length <= _buffer.Length)
        {
            held.CopyTo(_buffer);
        }
        else
        {
            var larger = ArrayPool<byte>.Shared.Rent(length);
            held.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        _end -= _start;
        _start = 0;
    }

    private string At() => $"{_path}:{Position}";
}
