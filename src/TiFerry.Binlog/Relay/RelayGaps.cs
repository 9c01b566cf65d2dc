namespace TiFerry.Binlog.Relay;

/// <summary>Finds what is missing between the files of a sub-directory: files that someone deleted, and ends that a failing disk lost.</summary>
internal static class RelayGaps
{
    /// <summary>The files that lack something, except the newest, and from where on.</summary>
    /// <exception cref="Core.Errors.TiFerryException">The source no longer has one of them, or has a different binlog.</exception>
    public static async ValueTask<IReadOnlyList<(string File, long Position)>> FindAsync(
        RelayDirectory directory, RelaySubDirectory subDirectory, RelaySource source, string endPoint, CancellationToken ct)
    {
        var local = directory.Files(subDirectory);
        if (local.Count == 0)
            return [];
        var sizes = (await source.ListFilesAsync(ct).ConfigureAwait(false)).ToDictionary(static f => f.File, static f => f.Size, StringComparer.Ordinal);
        var gaps = new List<(string, long)>();
        for (var i = 0; i < local.Count - 1; i++)
        {
            var length = new FileInfo(directory.PathOf(subDirectory, local[i])).Length;
            if (sizes.TryGetValue(local[i], out var size) && length < size)
                gaps.Add((local[i], length));
            _ = RelayFileName.TryGetNumber(local[i + 1], out var next);
            for (var file = RelayFileName.Next(local[i]); RelayFileName.TryGetNumber(file, out var number) && number < next; file = RelayFileName.Next(file))
                gaps.Add(sizes.ContainsKey(file) ? (file, (long)BinlogPosition.FirstEvent) : throw RelayErrors.CannotFillGap(endPoint, file));
        }

        var end = new FileInfo(directory.PathOf(subDirectory, local[^1])).Length;
        if (sizes.TryGetValue(local[^1], out var whole) && whole < end)
            throw RelayErrors.SourceChanged(endPoint, $"{local[^1]}:{end}", $"there the file has only {whole} bytes");
        return gaps;
    }
}
