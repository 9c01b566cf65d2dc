using System.Globalization;
using TiFerry.Core.Errors;

namespace TiFerry.Binlog.Gtid;

/// <summary>A MariaDB transaction's identity: replication domain, server, and a number that grows within the domain.</summary>
public readonly record struct MariaDbGtid(uint Domain, uint ServerId, ulong Sequence)
{
    /// <summary>Reads <c>domain-server-sequence</c>.</summary>
    /// <exception cref="TiFerryException">The text is something else.</exception>
    public static MariaDbGtid Parse(string text)
    {
        var parts = text.Trim().Split('-');
        if (parts.Length == 3
            && uint.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var domain)
            && uint.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var server)
            && ulong.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
        {
            return new MariaDbGtid(domain, server, sequence);
        }

        throw new TiFerryException(BinlogErrors.Syntax, ErrorScope.NotSet, $"'{text}' is not a MariaDB GTID", "write it as domain-server-sequence, for example 0-1-4711");
    }

    /// <summary><c>domain-server-sequence</c>.</summary>
    public override string ToString() => $"{Domain}-{ServerId}-{Sequence}";
}
