using Microsoft.Win32.SafeHandles;
using TiFerry.MySql;

namespace TiFerry.Dump.Layout;

/// <summary>A file of a dump that is being written; when it is closed it is on disk.</summary>
internal sealed class DumpFile : IDisposable
{
    private readonly string _path;
    private readonly SafeFileHandle _handle;

    /// <summary>Creates the file.</summary>
    /// <exception cref="Core.Errors.TiFerryException">It can't be written.</exception>
    public DumpFile(DumpDirectory directory, string name)
    {
        _path = Path.Combine(directory.FullPath, name);
        try
        {
            _handle = File.OpenHandle(_path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, FileOptions.Asynchronous);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DumpDirectory.Failed(_path, e);
        }
    }

    /// <summary>Bytes written.</summary>
    public long Length { get; private set; }

    /// <summary>Writes what a buffer holds and empties it.</summary>
    public async ValueTask WriteAsync(SqlBuffer buffer, CancellationToken ct)
    {
        try
        {
            await RandomAccess.WriteAsync(_handle, buffer.WrittenMemory, Length, ct);
        }
        catch (IOException e)
        {
            throw DumpDirectory.Failed(_path, e);
        }
        Length += buffer.Length;
        buffer.Clear();
    }

    /// <summary>Waits until the file is on disk.</summary>
    public void Flush()
    {
        try
        {
            RandomAccess.FlushToDisk(_handle);
        }
        catch (IOException e)
        {
            throw DumpDirectory.Failed(_path, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();
}
