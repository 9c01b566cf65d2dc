using TiFerry.Core.Errors;

namespace TiFerry.Binlog.Gtid;

/// <summary>
/// A set of MariaDB GTIDs, which is a position too: within a domain sequence numbers grow, so that the last GTID of each domain stands for all before it.
/// The text is <c>0-1-4711,7-2-12</c>, as <c>gtid_current_pos</c> shows it. Changeable, not for use by several threads.
/// </summary>
public sealed class MariaDbGtidSet : IEquatable<MariaDbGtidSet>
{
    private readonly SortedDictionary<uint, MariaDbGtid> _domains = [];

    /// <summary>Whether the set has no GTID: the very beginning.</summary>
    public bool IsEmpty => _domains.Count == 0;

    /// <summary>The last GTID of each domain, by domain.</summary>
    public IReadOnlyCollection<MariaDbGtid> Gtids => _domains.Values;

    /// <summary>Reads the text of a set; white space is ignored, an empty text is the empty set. The highest of several GTIDs of a domain counts.</summary>
    /// <exception cref="TiFerryException">A part is no GTID.</exception>
    public static MariaDbGtidSet Parse(string text)
    {
        var set = new MariaDbGtidSet();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            set.Add(MariaDbGtid.Parse(part));
        return set;
    }

    /// <summary>Adds a GTID and all before it in its domain. Returns whether the set changed.</summary>
    public bool Add(MariaDbGtid gtid)
    {
        if (Contains(gtid))
            return false;
        _domains[gtid.Domain] = gtid;
        return true;
    }

    /// <summary>Makes a GTID its domain's last one, also where that goes back: the binlog's order is what counts.</summary>
    public void MoveTo(MariaDbGtid gtid) => _domains[gtid.Domain] = gtid;

    /// <summary>Adds all of another set.</summary>
    public void Union(MariaDbGtidSet other)
    {
        foreach (var gtid in other._domains.Values)
            Add(gtid);
    }

    /// <summary>Takes the domains away in which another set is as far, or farther: what is left is where this one is ahead.</summary>
    public void Subtract(MariaDbGtidSet other)
    {
        foreach (var gtid in other._domains.Values)
        {
            if (_domains.TryGetValue(gtid.Domain, out var mine) && mine.Sequence <= gtid.Sequence)
                _domains.Remove(gtid.Domain);
        }
    }

    /// <summary>Whether the GTID's domain is at it or past it.</summary>
    public bool Contains(MariaDbGtid gtid) => _domains.TryGetValue(gtid.Domain, out var last) && last.Sequence >= gtid.Sequence;

    /// <summary>Whether every domain of another set is at that set's GTID or past it.</summary>
    public bool ContainsAll(MariaDbGtidSet other)
    {
        foreach (var gtid in other._domains.Values)
        {
            if (!Contains(gtid))
                return false;
        }

        return true;
    }

    /// <summary>A copy that shares nothing.</summary>
    public MariaDbGtidSet Clone()
    {
        var copy = new MariaDbGtidSet();
        foreach (var gtid in _domains.Values)
            copy.MoveTo(gtid);
        return copy;
    }

    /// <inheritdoc/>
    public bool Equals(MariaDbGtidSet? other) => other is not null && _domains.Values.SequenceEqual(other._domains.Values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MariaDbGtidSet);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>The set's text, domains in order.</summary>
    public override string ToString() => string.Join(',', _domains.Values);
}
