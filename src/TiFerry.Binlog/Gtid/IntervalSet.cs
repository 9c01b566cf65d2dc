namespace TiFerry.Binlog.Gtid;

/// <summary>Whole numbers as intervals [start, end), sorted, with a gap between each two.</summary>
internal sealed class IntervalSet
{
    private readonly List<(long Start, long End)> _intervals = [];

    public int IntervalCount => _intervals.Count;

    public (long Start, long End) this[int index] => _intervals[index];

    public long Count
    {
        get
        {
            var count = 0L;
            foreach (var (start, end) in _intervals)
                count += end - start;
            return count;
        }
    }

    /// <summary>Adds an interval; returns whether the set changed.</summary>
    public bool Add(long start, long end)
    {
        // A replica adds one number after the other at the end, again and again.
        if (_intervals.Count > 0 && _intervals[^1].End == start)
        {
            _intervals[^1] = (_intervals[^1].Start, end);
            return true;
        }

        if (ContainsAll(start, end))
            return false;
        var first = FirstEndingAtOrAfter(start);
        var last = first;
        while (last < _intervals.Count && _intervals[last].Start <= end)
        {
            start = Math.Min(start, _intervals[last].Start);
            end = Math.Max(end, _intervals[last].End);
            last++;
        }

        _intervals.RemoveRange(first, last - first);
        _intervals.Insert(first, (start, end));
        return true;
    }

    public void Remove(long start, long end)
    {
        for (var i = FirstEndingAtOrAfter(start); i < _intervals.Count && _intervals[i].Start < end; i++)
        {
            var (oldStart, oldEnd) = _intervals[i];
            if (oldEnd <= start)
                continue;
            _intervals.RemoveAt(i--);
            if (oldEnd > end)
                _intervals.Insert(i + 1, (end, oldEnd));
            if (oldStart >= start)
                continue;
            _intervals.Insert(++i, (oldStart, start));
        }
    }

    public bool ContainsAll(long start, long end)
    {
        var index = FirstEndingAtOrAfter(end);
        return index < _intervals.Count && _intervals[index].Start <= start;
    }

    private int FirstEndingAtOrAfter(long number)
    {
        var low = 0;
        var high = _intervals.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_intervals[middle].End < number)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
