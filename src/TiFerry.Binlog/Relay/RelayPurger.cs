using TiFerry.Core.Errors;

namespace TiFerry.Binlog.Relay;

/// <summary>
/// Deletes files of a relay log, oldest first: by age and by the space that is left, now and then by itself, or at once when asked. The newest file, a file
/// that a reader of this process is at, and all after it stay. A sub-directory whose files are all gone goes too, unless it is the newest.
/// </summary>
public sealed class RelayPurger
{
    private readonly RelayDirectory _directory;
    private readonly RelayPurgeOptions _options;
    private readonly Func<long> _freeSpace;
    private readonly Lock _purging = new();

    /// <summary>Prepares; nothing is touched before a method is called.</summary>
    /// <param name="directory">The instance that the writer and the readers have.</param>
    /// <param name="options">When to purge without being asked.</param>
    public RelayPurger(RelayDirectory directory, RelayPurgeOptions options)
        : this(directory, options, () => new DriveInfo(directory.FullPath).AvailableFreeSpace)
    {
    }

    internal RelayPurger(RelayDirectory directory, RelayPurgeOptions options, Func<long> freeSpace)
    {
        _directory = directory;
        _options = options;
        _freeSpace = freeSpace;
    }

    /// <summary>Purges by age and space, again and again, until it is cancelled. A failure is logged, and tried again the next time.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(_options.Interval);
        while (await timer.WaitForNextTickAsync(ct).ConfigureAwait(false))
        {
            try
            {
                PurgeAutomatically();
            }
            catch (TiFerryException e)
            {
                _options.Log.Error("the relay log can't be purged", ("error", e.Message));
            }
        }
    }

    /// <summary>Purges what is too old, and then what the disk has no room for.</summary>
    /// <returns>The files that are gone, as <c>sub-directory/file</c>.</returns>
    /// <exception cref="TiFerryException">A file can't be removed.</exception>
    public IReadOnlyList<string> PurgeAutomatically()
    {
        var now = DateTimeOffset.UtcNow;
        var purged = new List<string>();
        if (_options.Expires > TimeSpan.Zero)
            purged.AddRange(PurgeBefore(now - _options.Expires));
        if (_options.RemainSpace > 0)
            purged.AddRange(Purge((_, _) => _freeSpace() < _options.RemainSpace));
        return purged;
    }

    /// <summary>Purges files that were changed last before a time.</summary>
    /// <returns>As for <see cref="PurgeAutomatically"/>.</returns>
    /// <exception cref="TiFerryException">A file can't be removed.</exception>
    public IReadOnlyList<string> PurgeBefore(DateTimeOffset time) =>
        Purge((subDirectory, file) => File.GetLastWriteTimeUtc(_directory.PathOf(subDirectory, file)) < time.UtcDateTime);

    /// <summary>Purges all files before a given one, and all sub-directories before its own.</summary>
    /// <param name="file">The source's file, which stays.</param>
    /// <param name="subDirectory">The file's sub-directory, <c>uuid.000001</c>; null for the newest.</param>
    /// <returns>As for <see cref="PurgeAutomatically"/>.</returns>
    /// <exception cref="TiFerryException">There is no such sub-directory, or a file can't be removed.</exception>
    public IReadOnlyList<string> PurgeTo(string file, string? subDirectory = null)
    {
        var index = _directory.ReadIndex();
        if (index.Count == 0 && subDirectory is null)
            return [];
        var end = subDirectory is null ? index[^1] : index.FirstOrDefault(s => s.Name == subDirectory) ?? throw RelayErrors.NoSubDirectory(_directory.FullPath, subDirectory);
        var name = new BinlogPosition(RelayFileName.Qualify(file, end.Number), 0);
        return Purge((s, f) => new BinlogPosition(RelayFileName.Qualify(f, s.Number), 0) < name);
    }

    /// <summary>Purges all files that no reader needs.</summary>
    /// <returns>As for <see cref="PurgeAutomatically"/>.</returns>
    /// <exception cref="TiFerryException">A file can't be removed.</exception>
    public IReadOnlyList<string> PurgeInactive() => Purge((_, _) => true);

    /// <summary>Purges from the oldest file on, up to the first that is to stay.</summary>
    private List<string> Purge(Func<RelaySubDirectory, string, bool> isPurged)
    {
        var purged = new List<string>();
        lock (_purging)
        {
            var index = _directory.ReadIndex();
            foreach (var subDirectory in index)
            {
                var isNewest = subDirectory == index[^1];
                var files = _directory.Files(subDirectory);
                foreach (var file in isNewest ? files.SkipLast(1) : files)
                {
                    if (!isPurged(subDirectory, file) || !_directory.TryDelete(subDirectory, file))
                        return purged;
                    purged.Add($"{subDirectory.Name}/{file}");
                    _options.Log.Info("purged a relay log file", ("sub-directory", subDirectory), ("file", file));
                }

                if (!isNewest && purged.Count > 0)
                    _directory.RemoveOldest();
            }
        }

        return purged;
    }
}
