using FsCheck;
using FsCheck.Fluent;
using TiFerry.Dump.Layout;
using TiFerry.Schema.Tables;

namespace TiFerry.Dump.Tests.Layout;

public sealed class DumpFileNameTests
{
    [Theory]
    [InlineData(DumpFileKind.Database, "shop", "", "", "shop-schema-create.sql")]
    [InlineData(DumpFileKind.Table, "shop", "t", "", "shop.t-schema.sql")]
    [InlineData(DumpFileKind.View, "shop", "v", "", "shop.v-schema-view.sql")]
    [InlineData(DumpFileKind.Data, "shop", "t", "000000003", "shop.t.000000003.sql")]
    [InlineData(DumpFileKind.Data, "shop", "t", "", "shop.t.sql")]
    [InlineData(DumpFileKind.Table, "a.b%c", "x/y\u0001", "", "a%2Eb%25c.x%2Fy%01-schema.sql")]
    [InlineData(DumpFileKind.Table, "a-schema", "b-SCHEMA-view", "", "a%2Dschema.b%2DSCHEMA-view-schema.sql")]
    [InlineData(DumpFileKind.Data, "ü", "漢 字", "00000", "ü.漢 字.00000.sql")]
    [InlineData(DumpFileKind.Data, "1", "000", "000000000", "1.000.000000000.sql")]
    [InlineData(DumpFileKind.Data, "x-metadata", "y-checksum", "0", "x-metadata.y-checksum.0.sql")]
    public void Names_are_written_and_read(DumpFileKind kind, string schema, string table, string number, string expected)
    {
        var name = new DumpFileName(kind, new TableName(schema, table), number);
        Assert.Equal(expected, name.ToString());
        Assert.True(DumpFileName.TryParse(expected, out var read));
        Assert.Equal(name, read);
    }

    [Theory]
    [InlineData("metadata")]
    [InlineData("notes.txt")]
    [InlineData("dump.sql")]
    [InlineData(".bashrc")]
    [InlineData("shop.t")]
    public void Other_names_are_not_read(string name) => Assert.False(DumpFileName.TryParse(name, out _));

    [Theory]
    [InlineData("shop.t-schema-triggers.sql", DumpFileKind.Other)]
    [InlineData("shop-schema-post.sql", DumpFileKind.Other)]
    [InlineData("shop.s-schema-sequence.sql", DumpFileKind.Other)]
    [InlineData("shop.t-metadata", DumpFileKind.Other)]
    [InlineData("shop.t.000000000.csv", DumpFileKind.Unsupported)]
    [InlineData("shop.t.000000000.sql.gz", DumpFileKind.Unsupported)]
    [InlineData("shop.t-schema.sql.zst", DumpFileKind.Unsupported)]
    [InlineData("shop.t.0.parquet", DumpFileKind.Unsupported)]
    public void What_is_not_loaded_is_known(string name, DumpFileKind kind)
    {
        Assert.True(DumpFileName.TryParse(name, out var read));
        Assert.Equal(kind, read.Kind);
    }

    [Theory]
    [InlineData(false, false, "s.t.000000012.sql")]
    [InlineData(false, true, "s.t.000000003.sql")]
    [InlineData(true, false, "s.t.000000012.sql")]
    [InlineData(true, true, "s.t.0000000120003.sql")]
    public void Data_files_count_as_in_Dumpling(bool inRanges, bool inFiles, string expected) =>
        Assert.Equal(expected, DumpFileName.OfData(new TableName("s", "t"), 12, 3, inRanges, inFiles));

    [Fact]
    public void Any_name_comes_back()
    {
        var names = ArbMap.Default.ArbFor<NonEmptyString>().Filter(s => s.Get.All(c => !char.IsSurrogate(c)));
        Check.QuickThrowOnFailure(Prop.ForAll(names, names, (schema, table) =>
        {
            var name = new DumpFileName(DumpFileKind.Data, new TableName(schema.Get, table.Get), "000000000");
            return !name.ToString().Contains('/', StringComparison.Ordinal) && DumpFileName.TryParse(name.ToString(), out var read) && read == name;
        }));
    }
}
