using TiFerry.Binlog;
using TiFerry.Binlog.Events;
using TiFerry.Binlog.Gtid;
using TiFerry.Binlog.Stream;
using TiFerry.MySql;

namespace TiFerry.Sync.Source;

/// <summary>The GTIDs of all transactions up to a point of the stream, for either flavour; kept in text form in checkpoints.</summary>
public sealed class GtidPosition
{
    private readonly MySqlGtidSet? _mySql;
    private readonly MariaDbGtidSet? _mariaDb;
    private MySqlGtid? _currentMySql;
    private MariaDbGtid? _currentMariaDb;

    /// <summary>Reads the text form.</summary>
    /// <param name="flavour">The source's flavour.</param>
    /// <param name="text">The text; empty where nothing is known.</param>
    public GtidPosition(ServerFlavour flavour, string text)
    {
        if (flavour == ServerFlavour.MariaDb)
            _mariaDb = MariaDbGtidSet.Parse(text);
        else
            _mySql = MySqlGtidSet.Parse(text);
    }

    /// <summary>Where a stream goes on.</summary>
    /// <param name="position">File and offset; without a file name the stream goes by GTID.</param>
    public BinlogStart StartAt(BinlogPosition position)
    {
        if (string.IsNullOrEmpty(position.File))
            return _mariaDb is not null ? BinlogStart.After(_mariaDb.Clone()) : BinlogStart.After(_mySql!.Clone());
        return _mariaDb is not null ? BinlogStart.At(position, _mariaDb.Clone()) : BinlogStart.At(position, _mySql!.Clone());
    }

    /// <summary>Notes the transaction that begins.</summary>
    public void Begin(GtidEvent evt) => _currentMySql = evt.IsAnonymous ? null : evt.Gtid;

    /// <summary>Notes the transaction that begins.</summary>
    public void Begin(MariaDbGtidEvent evt) => _currentMariaDb = evt.Gtid;

    /// <summary>Adds the transaction that ended.</summary>
    public void End()
    {
        if (_currentMySql is { } mySql)
            _mySql?.Add(mySql);
        if (_currentMariaDb is { } mariaDb)
            _mariaDb?.MoveTo(mariaDb);
        (_currentMySql, _currentMariaDb) = (null, null);
    }

    /// <summary>The text form.</summary>
    public override string ToString() => _mariaDb?.ToString() ?? _mySql!.ToString();
}
