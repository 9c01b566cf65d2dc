using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace TiFerry.Binlog.Relay;

/// <summary>
/// Writes one binlog file to disk, the bytes that the source's own file has. While it is being written its format description carries the "in use"
/// flag, as on the source. Events are gathered and go out whole, so that a reader finds a part of one only while it is being written.
/// </summary>
internal sealed class RelayFileWriter : IDisposable
{
    /// <summary>Where the flags of the format description start, the file's first event.</summary>
    private const int FormatFlagsAt = 4 + FlagsAt;
    private const int FlagsAt = 17;
    private const int BufferSize = 256 * 1024;
    private const byte InUse = 1;

    private readonly SafeFileHandle _file;
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private int _held;
    private long _written;
    private Task _syncing = Task.CompletedTask;

    private RelayFileWriter(SafeFileHandle file, string path, string name, long length)
    {
        _file = file;
        FullPath = path;
        Name = name;
        _written = length;
    }

    /// <summary>The file.</summary>
    public string FullPath { get; }

    /// <summary>The file's name.</summary>
    public string Name { get; }

    /// <summary>After the last event, also where it is still held back.</summary>
    public long Position => _written + _held;

    /// <summary>Whether events are held back.</summary>
    public bool HasHeld => _held > 0;

    private static ReadOnlySpan<byte> Magic => [0xFE, (byte)'b', (byte)'i', (byte)'n'];

    /// <summary>Opens a file to go on at a position, behind which it is cut off; makes it when there is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="position">The end of an event, or 4.</param>
    /// <exception cref="Core.Errors.TiFerryException">The file can't be written.</exception>
    public static RelayFileWriter Open(string path, long position)
    {
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
            if (position <= Magic.Length)
            {
                RandomAccess.SetLength(file, 0);
                RandomAccess.Write(file, Magic, 0);
                return new RelayFileWriter(file, path, Path.GetFileName(path), Magic.Length);
            }

            RandomAccess.SetLength(file, position);
            SetInUse(file, true);
            return new RelayFileWriter(file, path, Path.GetFileName(path), position);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw RelayErrors.WriteFailed(path, e);
        }
    }

    /// <summary>Adds an event.</summary>
    /// <exception cref="Core.Errors.TiFerryException">The file can't be written; it ends where it ended after the last <see cref="Flush"/>.</exception>
    public void Append(ReadOnlySpan<byte> raw)
    {
        if (raw.Length > _buffer.Length - _held)
            Flush();
        if (raw.Length > _buffer.Length)
        {
            Write(raw);
            return;
        }

        raw.CopyTo(_buffer.AsSpan(_held));
        if (Position == Magic.Length)
            _buffer[_held + FlagsAt] |= InUse;
        _held += raw.Length;
    }

    /// <summary>Hands what is held back to the operating system, from where readers get it.</summary>
    /// <exception cref="Core.Errors.TiFerryException">As for <see cref="Append"/>.</exception>
    public void Flush()
    {
        if (_held == 0)
            return;
        Write(_buffer.AsSpan(0, _held));
        _held = 0;
    }

    /// <summary>Whether the file has the same event at a place.</summary>
    public bool Holds(long position, ReadOnlySpan<byte> raw)
    {
        var held = ArrayPool<byte>.Shared.Rent(raw.Length);
        try
        {
            var bytes = held.AsSpan(0, raw.Length);
            if (RandomAccess.Read(_file, bytes, position) != raw.Length)
                return false;
            if (position == Magic.Length)
                bytes[FlagsAt] = (byte)(bytes[FlagsAt] & ~InUse);
            return bytes.SequenceEqual(raw);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(held);
        }
    }

    /// <summary>Starts bringing to the disk what was written so far, unless that is under way.</summary>
    /// <exception cref="Core.Errors.TiFerryException">The disk failed the time before.</exception>
    public void StartSync()
    {
        if (!_syncing.IsCompleted)
            return;
        ThrowIfFailed();
        _syncing = Task.Run(() => RandomAccess.FlushToDisk(_file));
    }

    /// <summary>Brings everything to the disk; the file is complete.</summary>
    /// <exception cref="Core.Errors.TiFerryException">As for <see cref="Append"/>.</exception>
    public async ValueTask FinishAsync()
    {
        Flush();
        try
        {
            await _syncing.ConfigureAwait(false);
            SetInUse(_file, false);
            RandomAccess.FlushToDisk(_file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw RelayErrors.WriteFailed(FullPath, e);
        }
    }

    /// <summary>Closes the file without what is held back.</summary>
    public void Dispose()
    {
        if (_file.IsClosed)
            return;
        _file.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    private static void SetInUse(SafeFileHandle file, bool inUse)
    {
        Span<byte> flags = stackalloc byte[1];
        if (RandomAccess.Read(file, flags, FormatFlagsAt) == 0)
            return;
        var wanted = (byte)(inUse ? flags[0] | InUse : flags[0] & ~InUse);
        if (wanted == flags[0])
            return;
        flags[0] = wanted;
        RandomAccess.Write(file, flags, FormatFlagsAt);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(_file, bytes, _written);
            _written += bytes.Length;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _held = 0;
            // What a full disk took of it would be a part of an event.
            RandomAccess.SetLength(_file, _written);
            throw RelayErrors.WriteFailed(FullPath, e);
        }
    }

    private void ThrowIfFailed()
    {
        if (_syncing.IsFaulted)
            throw RelayErrors.WriteFailed(FullPath, _syncing.Exception.InnerException!);
    }
}
