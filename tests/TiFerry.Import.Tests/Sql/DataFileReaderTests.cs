using System.Text;
using FsCheck;
using FsCheck.Fluent;
using TiFerry.Core.Errors;
using TiFerry.Import.Source;
using TiFerry.Import.Sql;
using TiFerry.MySql;
using TiFerry.Schema.Tables;

namespace TiFerry.Import.Tests.Sql;

/// <summary>Rows come out of files as they went in, wherever the buffer ends.</summary>
public sealed class DataFileReaderTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData(16)]
    [InlineData(100)]
    [InlineData(1 << 20)]
    public async Task Statements_rows_and_offsets(int bufferBytes)
    {
        const string text = """
            /*!40101 SET NAMES latin1*/;
            /*!40103 SET TIME_ZONE='+02:00' */;
            -- a comment; (with signs '
            INSERT INTO `t` (`a`,`b;`) VALUES
            (1,'x''y\'z);(' /* ) */ ),
            (-2,"a""b\"),(") , # another )
            (f(1,(2)),x'00') ;
            ;
            replace into `s`.`t` values (NULL, 0x41, _utf8mb4'ü');

            -- the end
            """;
        var rows = await ReadAsync(text, bufferBytes);
        Assert.Equal(["(1,'x''y\\'z);(' /* ) */ )", """(-2,"a""b\"),(")""", "(f(1,(2)),x'00')", "(NULL, 0x41, _utf8mb4'ü')"], rows.Select(r => r.Text));
        Assert.Equal([4L, 4, 4, 9], rows.Select(r => r.Line));
        using var reader = await OpenAsync(text, bufferBytes);
        Assert.Equal(new FileSettings("latin1", "+02:00"), reader.Settings);
        Assert.True(await reader.NextStatementAsync(default));
        Assert.Equal(["a", "b;"], reader.Head.Columns);
        while (await reader.NextRowAsync(default))
        {
        }
        // Going on from there gives the second statement, and the settings of the beginning.
        using var second = await OpenAsync(text, bufferBytes, reader.Offset);
        Assert.Equal(reader.Settings, second.Settings);
        Assert.True(await second.NextStatementAsync(default));
        Assert.Equal(("s", "t"), (second.Head.Schema, second.Head.Table));
        Assert.Null(second.Head.Columns);
    }

    [Fact]
    public void Any_values_come_back_wherever_the_buffer_ends()
    {
        var rows = ArbMap.Default.ArbFor<NonEmptyArray<byte[]>>();
        Check.QuickThrowOnFailure(Prop.ForAll(rows, ArbMap.Default.ArbFor<PositiveInt>(), (values, size) =>
        {
            using var sql = new SqlBuffer();
            sql.Append("INSERT INTO `t` VALUES\n"u8);
            var expected = new List<byte[]>();
            foreach (var value in values.Get.Select(v => v ?? []))
            {
                if (expected.Count > 0)
                    sql.Append(",\n"u8);
                var start = sql.Length;
                sql.Append("(1,"u8);
                sql.AppendString(value);
                sql.Append(",0)"u8);
                expected.Add(sql.WrittenSpan[start..].ToArray());
            }
            sql.Append(";\n"u8);
            File.WriteAllBytes(_path, sql.WrittenSpan);
            return ReadBytesAsync(size.Get).GetAwaiter().GetResult().Select(Convert.ToHexString).SequenceEqual(expected.Select(e => Convert.ToHexString(e)));
        }));
    }

    [Theory]
    [InlineData("INSERT INTO `t` VALUES (1),\n(2", 1, "middle of a statement")]
    [InlineData("INSERT INTO `t` VALUES (1);\n\nINSERT INTO `t` VALUES (1)", 3, "middle of a statement")]
    [InlineData("INSERT INTO `t` VALUES (1),\n('abc);\n", 1, "middle of a statement")]
    [InlineData("INSERT INTO `t` (`a`", 1, "middle of a statement")]
    [InlineData("INSERT INTO `t` VALUES", 1, "middle of a statement")]
    [InlineData("INSERT INTO `t` VALUES (1),\n(2;\n", 2, "ends in the middle")]
    [InlineData("INSERT INTO `t` VALUES (1)\n(2);\n", 2, "','")]
    [InlineData("INSERT INTO `t` VALUES (1) ON DUPLICATE KEY UPDATE a = 2;\n", 1, "','")]
    [InlineData("INSERT INTO `t` VALUES 1;\n", 1, "'('")]
    [InlineData("INSERT INTO `t` SELECT * FROM `u`;\n", 1, "VALUES")]
    [InlineData("\nDROP TABLE `t`;\n", 2, "DROP TABLE")]
    [InlineData("INSERT INTO `t` VALUES (1);\nDELETE FROM `t`;\n", 2, "no INSERT")]
    [InlineData("SET sql_mode='ANSI_QUOTES';\n", 1, "ANSI_QUOTES")]
    public async Task What_can_not_be_read_names_file_line_and_table(string text, int line, string what)
    {
        foreach (var bufferBytes in new[] { 16, 1 << 20 })
        {
            var error = await Assert.ThrowsAsync<TiFerryException>(() => ReadAsync(text, bufferBytes));
            Assert.Equal(LoadErrors.BadStatement, error.Code);
            Assert.StartsWith($"{_path}, line {line}, table `s`.`t`: ", error.Summary, StringComparison.Ordinal);
            Assert.Contains(what, error.Summary, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("(0,'0',0),(1,'a,b',0 )", 3)]
    [InlineData("( 0 ,0,f(0,0)),(NULL,'0',00)", 1)]
    public void Zeros_of_columns_are_counted(string rows, int zeros) =>
        Assert.Equal(zeros, SqlScanner.CountZeros(Encoding.UTF8.GetBytes(rows), [true, false, true]));

    private async Task<DataFileReader> OpenAsync(string text, int bufferBytes, long offset = 0)
    {
        await File.WriteAllTextAsync(_path, text);
        return await DataFileReader.OpenAsync(new DataFile(_path, new TableName("s", "t"), "0", new FileInfo(_path).Length), offset, default, bufferBytes);
    }

    private async Task<List<(string Text, long Line)>> ReadAsync(string text, int bufferBytes)
    {
        using var reader = await OpenAsync(text, bufferBytes);
        var rows = new List<(string, long)>();
        while (await reader.NextStatementAsync(default))
        {
            while (await reader.NextRowAsync(default))
                rows.Add((Encoding.UTF8.GetString(reader.Row), reader.LineAt(reader.StatementOffset)));
        }
        return rows;
    }

    private async Task<List<byte[]>> ReadBytesAsync(int bufferBytes)
    {
        using var reader = await DataFileReader.OpenAsync(new DataFile(_path, new TableName("s", "t"), "0", new FileInfo(_path).Length), 0, default, bufferBytes);
        var rows = new List<byte[]>();
        while (await reader.NextStatementAsync(default))
        {
            while (await reader.NextRowAsync(default))
                rows.Add(reader.Row.ToArray());
        }
        return rows;
    }
}
