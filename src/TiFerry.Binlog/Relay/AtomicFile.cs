using System.Text;

namespace TiFerry.Binlog.Relay;

/// <summary>Small files that are there whole, old or new, whenever the machine stops.</summary>
internal static class AtomicFile
{
    /// <summary>Replaces a file.</summary>
    /// <exception cref="Core.Errors.TiFerryException">The disk is full, or the file can't be written.</exception>
    public static void Write(string path, string text)
    {
        var next = path + ".tmp";
        try
        {
            using (var file = File.OpenHandle(next, FileMode.Create, FileAccess.Write))
            {
                RandomAccess.Write(file, Encoding.UTF8.GetBytes(text), 0);
                RandomAccess.FlushToDisk(file);
            }

            File.Move(next, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw RelayErrors.WriteFailed(path, e);
        }
    }
}
