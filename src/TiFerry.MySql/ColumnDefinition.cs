using TiFerry.MySql.Protocol;

namespace TiFerry.MySql;

/// <summary>One column of a result (packet <c>ColumnDefinition41</c>).</summary>
public sealed record ColumnDefinition
{
    /// <summary>The number of the character set <c>binary</c>.</summary>
    public const ushort BinaryCharacterSet = 63;

    /// <summary>Database; empty for an expression.</summary>
    public required string Schema { get; init; }

    /// <summary>Table or its alias; empty for an expression.</summary>
    public required string Table { get; init; }

    /// <summary>Table without alias; empty for an expression.</summary>
    public required string OrgTable { get; init; }

    /// <summary>Column or its alias.</summary>
    public required string Name { get; init; }

    /// <summary>Column without alias; empty for an expression.</summary>
    public required string OrgName { get; init; }

    /// <summary>Number of the collation that the value is sent in (<c>information_schema.collations.id</c>); 63 is binary.</summary>
    public required ushort CharacterSet { get; init; }

    /// <summary>Greatest length in bytes.</summary>
    public required uint Length { get; init; }

    /// <summary>Type on the wire.</summary>
    public required ColumnType Type { get; init; }

    /// <summary>Flags.</summary>
    public required ColumnFlags Flags { get; init; }

    /// <summary>Digits after the point; 31 for a float or double without a fixed number.</summary>
    public required byte Decimals { get; init; }

    /// <summary>The value is bytes rather than text.</summary>
    public bool IsBinary => CharacterSet == BinaryCharacterSet;

    /// <summary>The value is a number without sign.</summary>
    public bool IsUnsigned => Flags.HasFlag(ColumnFlags.Unsigned);

    internal static ColumnDefinition Read(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        reader.ReadLengthEncodedBytes(); // catalog, always "def"
        var schema = reader.ReadLengthEncodedString();
        var table = reader.ReadLengthEncodedString();
        var orgTable = reader.ReadLengthEncodedString();
        var name = reader.ReadLengthEncodedString();
        var orgName = reader.ReadLengthEncodedString();
        reader.ReadLengthEncodedInteger(); // length of the fixed part, always 12
        return new ColumnDefinition
        {
            Schema = schema,
            Table = table,
            OrgTable = orgTable,
            Name = name,
            OrgName = orgName,
            CharacterSet = reader.ReadUInt16(),
            Length = reader.ReadUInt32(),
            Type = (ColumnType)reader.ReadByte(),
            Flags = (ColumnFlags)reader.ReadUInt16(),
            Decimals = reader.ReadByte(),
        };
    }
}
