using System.Globalization;

namespace TiFerry.Core.Logging;

/// <summary>When a log file is put aside, and how many such files are kept.</summary>
/// <param name="MaxBytes">The size that a file does not outgrow, in bytes; 300 MiB by default, as in the TiDB tools.</param>
/// <param name="MaxBackups">How many old files are kept; 0 keeps all.</param>
/// <param name="MaxAge">How long old files are kept; null for ever.</param>
public sealed record LogRotation(long MaxBytes = 300L * 1024 * 1024, int MaxBackups = 0, TimeSpan? MaxAge = null);

/// <summary>
/// A log file that moves its contents to <c>name-2026-01-31T13-01-50.637.log</c> when it would outgrow its size.
/// Each write goes into one file as a whole. Not for several threads at once: <see cref="Log"/> takes care of that.
/// </summary>
public sealed class RotatingFileStream : Stream
{
    private const string TimeFormat = "yyyy-MM-ddTHH-mm-ss.fff";

    private readonly string _path;
    private readonly LogRotation _rotation;
    private readonly TimeProvider _time;
    private FileStream _file;

    /// <summary>Opens the file for appending and creates its folder.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be opened.</exception>
    public RotatingFileStream(string path, LogRotation rotation, TimeProvider? time = null)
    {
        _path = Path.GetFullPath(path);
        _rotation = rotation;
        _time = time ?? TimeProvider.System;
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        _file = Open();
    }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => _file.Length;

    /// <inheritdoc/>
    public override long Position
    {
        get => _file.Position;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_file.Position > 0 && _file.Position + buffer.Length > _rotation.MaxBytes)
            Rotate();
        _file.Write(buffer);
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush() => _file.Flush();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _file.Dispose();
        base.Dispose(disposing);
    }

    private FileStream Open()
    {
        var file = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        file.Seek(0, SeekOrigin.End);
        return file;
    }

    private void Rotate()
    {
        _file.Dispose();
        try
        {
            File.Move(_path, BackupPath());
            DeleteOldBackups();
        }
        finally
        {
            // Whatever happened to the old file, there must be one to write to.
            _file = Open();
        }
    }

    private string BackupPath()
    {
        var stem = Path.Combine(Path.GetDirectoryName(_path)!, Path.GetFileNameWithoutExtension(_path));
        var time = _time.GetLocalNow();
        while (true)
        {
            var path = $"{stem}-{time.ToString(TimeFormat, CultureInfo.InvariantCulture)}{Path.GetExtension(_path)}";
            if (!File.Exists(path))
                return path;
            time = time.AddMilliseconds(1);
        }
    }

    private void DeleteOldBackups()
    {
        var stem = Path.GetFileNameWithoutExtension(_path) + "-";
        var extension = Path.GetExtension(_path);
        var backups = new List<(DateTime Time, string Path)>();
        foreach (var path in Directory.EnumerateFiles(Path.GetDirectoryName(_path)!, $"{stem}*{extension}"))
        {
            var stamp = Path.GetFileName(path)[stem.Length..^extension.Length];
            if (DateTime.TryParseExact(stamp, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
                backups.Add((time, path));
        }

        backups.Sort((x, y) => y.Time.CompareTo(x.Time));
        for (var i = 0; i < backups.Count; i++)
        {
            var tooMany = _rotation.MaxBackups > 0 && i >= _rotation.MaxBackups;
            if (tooMany || (_rotation.MaxAge is { } age && _time.GetLocalNow().DateTime - backups[i].Time > age))
                File.Delete(backups[i].Path);
        }
    }
}
