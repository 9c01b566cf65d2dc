namespace TiFerry.Binlog.Gtid;

/// <summary>A MySQL transaction's identity: the server it came from, a tag (MySQL 8.3; empty for none) and a number from 1 on.</summary>
public readonly record struct MySqlGtid(Guid Source, string Tag, long Number)
{
    /// <summary><c>uuid:number</c> or <c>uuid:tag:number</c>.</summary>
    public override string ToString() => string.IsNullOrEmpty(Tag) ? $"{Source:d}:{Number}" : $"{Source:d}:{Tag}:{Number}";
}
