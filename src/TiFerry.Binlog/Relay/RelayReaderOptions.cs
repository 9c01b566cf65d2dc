using TiFerry.Binlog.Events;
using TiFerry.Binlog.Stream;
using TiFerry.Core.Logging;

namespace TiFerry.Binlog.Relay;

/// <summary>What a <see cref="RelayReader"/> needs to know.</summary>
public sealed record RelayReaderOptions
{
    /// <summary>The relay log; the instance that its writer has, where that is in this process.</summary>
    public required RelayDirectory Directory { get; init; }

    /// <summary>
    /// Where to start. A file name may be qualified with the number of the sub-directory (<c>mysql-bin|000002.000003</c>). A plain one is looked for in the only
    /// sub-directory that has such a file; where there are several sub-directories and GTIDs are given, these decide.
    /// </summary>
    public required BinlogStart Start { get; init; }

    /// <summary>How long to wait for the relay log where it has not got to the start yet, or lacks a file.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often to look for more where the writer is another process.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Told of files and sub-directories.</summary>
    public Log Log { get; init; } = Log.None;

    /// <summary>See <see cref="BinlogEventParser.OldTemporalPrecision"/>.</summary>
    public Func<TableMapEvent, int, int>? OldTemporalPrecision { get; init; }
}
