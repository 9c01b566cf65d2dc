using TiFerry.Migration.Meta;

namespace TiFerry.Migration.Copy;

/// <summary>Hands chunks to workers so that they spread over the tables: the table with the fewest workers first, of those the one with most chunks left.</summary>
internal sealed class ChunkQueue
{
    private readonly Lock _lock = new();
    private readonly List<CopyTable> _tables = [];

    /// <summary>Adds a table with its waiting chunks.</summary>
    public void Add(CopyTable table)
    {
        lock (_lock)
        {
            _tables.Add(table);
            // All rows were there before; the last step may not have been done.
            if (table.Waiting.Count == 0)
                table.Waiting.Enqueue(new CopyChunk(0, null, null, null, Done: true));
        }
    }

    /// <summary>Takes a chunk; null where none is waiting.</summary>
    public (CopyTable Table, CopyChunk Chunk)? Take()
    {
        lock (_lock)
        {
            CopyTable? best = null;
            foreach (var table in _tables)
            {
                if (table.Waiting.Count == 0)
                    continue;
                if (best is null || table.Active < best.Active || (table.Active == best.Active && table.Waiting.Count > best.Waiting.Count))
                    best = table;
            }
            if (best is null)
                return null;
            best.Active++;
            return (best, best.Waiting.Dequeue());
        }
    }

    /// <summary>Gives a chunk back that is not finished.</summary>
    public void Return(CopyTable table, CopyChunk chunk)
    {
        lock (_lock)
        {
            table.Active--;
            table.Waiting.Enqueue(chunk);
        }
    }

    /// <summary>Marks a chunk as finished.</summary>
    /// <returns>
    /// Whether it was the table's last: the worker then adds the indexes, and calls again when it has.
    /// </returns>
    public bool Finish(CopyTable table)
    {
        lock (_lock)
        {
            var isLast = table.Active == 1 && table.Waiting.Count == 0 && !table.Obsolete.IsCancellationRequested;
            if (isLast && table.MissingIndexes.Count > 0)
                return true;
            table.Active--;
            table.IsFinished = isLast;
            return false;
        }
    }

    /// <summary>Gives up a chunk of a table whose definition changed.</summary>
    public void Abandon(CopyTable table)
    {
        lock (_lock)
            table.Active--;
    }

    /// <summary>Takes a table out, because its definition changed; workers that are on it stop.</summary>
    /// <returns>Whether workers are still on it.</returns>
    public bool Remove(CopyTable table)
    {
        lock (_lock)
        {
            table.Obsolete.Cancel();
            table.Waiting.Clear();
            _tables.Remove(table);
            return table.Active > 0;
        }
    }
}
