namespace TiFerry.Binlog.Relay;

/// <summary>Someone who needs the files of a relay log from one on.</summary>
internal sealed class RelayHold(RelayDirectory directory) : IDisposable
{
    private volatile string? _file;

    /// <summary>The first file that is needed, qualified; null for all.</summary>
    public string? File => _file;

    /// <summary>Lets go of the files before this one.</summary>
    /// <param name="file">Qualified.</param>
    public void MoveTo(string file) => _file = file;

    /// <inheritdoc/>
    public void Dispose() => directory.Release(this);
}
