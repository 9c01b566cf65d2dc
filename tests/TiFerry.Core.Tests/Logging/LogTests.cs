using System.Text;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Core.Secrets;

namespace TiFerry.Core.Tests.Logging;

public sealed class LogTests : IDisposable
{
    private readonly ManualTime _time = new(new DateTimeOffset(2026, 1, 31, 5, 1, 50, 637, TimeSpan.Zero));
    private readonly MemoryStream _stream = new();

    public void Dispose() => _stream.Dispose();

    private Log Open(LogLevel minimum = LogLevel.Info) => new(_stream, minimum, _time);

    private string Text => Encoding.UTF8.GetString(_stream.ToArray());

    /// <summary>What stands behind the header of the only line.</summary>
    private string Rest => Text[(Text.IndexOf("] [", Text.IndexOf(".cs:", StringComparison.Ordinal), StringComparison.Ordinal) + 2)..].TrimEnd('\n');

    [Fact]
    public void A_line_has_the_unified_format()
    {
        Open().Info("TiFerry Started", ("region_id", 1), ("sql", "SELECT \"a\"\nFROM t"));
        Assert.Matches(
            "^\\[2026/01/31 13:01:50\\.637 \\+08:00\\] \\[INFO\\] \\[LogTests\\.cs:\\d+\\] \\[\"TiFerry Started\"\\] \\[region_id=1\\] \\[sql=\"SELECT \\\\\"a\\\\\"\\\\nFROM t\"\\]\n$",
            Text);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a b", "\"a b\"")]
    [InlineData("a=b", "\"a=b\"")]
    [InlineData("a[0]", "\"a[0]\"")]
    [InlineData("a\"b", "\"a\\\"b\"")]
    [InlineData("a\\b", "a\\b")]
    [InlineData("a\\ b", "\"a\\\\ b\"")]
    [InlineData("a\r\n\t\u0001", "\"a\\r\\n\\t\\u0001\"")]
    [InlineData("éあ🤦", "éあ🤦")]
    [InlineData("192.168.0.123:12345", "192.168.0.123:12345")]
    [InlineData("", "")]
    public void Texts_are_quoted_where_needed(string value, string expected)
    {
        Open().Info("m", ("key", value));
        Assert.Equal($"[m] [key={expected}]", Rest);
    }

    [Fact]
    public void Keys_and_messages_are_quoted_too()
    {
        Open().Info("a b", ("user name", "foo"));
        Assert.Equal("[\"a b\"] [\"user name\"=foo]", Rest);
    }

    [Fact]
    public void Values_of_all_kinds()
    {
        Open().Info(
            "m", ("n", null), ("b", true), ("d", 1.5), ("t", TimeSpan.FromMilliseconds(1340)), ("l", new[] { "a", "b" }),
            ("s", new Secret("hush")), ("e", LogLevel.Warn), ("u", "mysql://root:hush@host/"));
        Assert.Equal("[m] [n=null] [b=true] [d=1.5] [t=1.3s] [l=\"[a,b]\"] [s=******] [e=Warn] [u=mysql://root:******@host/]", Rest);
    }

    [Fact]
    public void Errors_keep_what_helps_and_hide_passwords()
    {
        Open().Error("failed", ("error", new TiFerryException(ConfigErrors.BadTableFilter, ErrorScope.Internal, "x PASSWORD='hush'")));
        Assert.Contains("code=90001", Text, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Levels_below_the_minimum_are_left_out()
    {
        var log = Open(LogLevel.Warn);
        log.Debug("1");
        log.Info("2");
        log.Warn("3");
        log.Error("4");
        log.Fatal("5");
        Assert.Equal(["[WARN]", "[ERROR]", "[FATAL]"], Text.TrimEnd('\n').Split('\n').Select(l => l.Split(' ')[3]));
        Assert.False(log.IsEnabled(LogLevel.Info));
        Log.None.Fatal("nothing");
    }

    [Fact]
    public void Constant_fields_come_first()
    {
        Open().With("task", "t1").With("source", "s").Info("m", ("k", 1));
        Assert.Equal("[m] [task=t1] [source=s] [k=1]", Rest);
    }

    [Fact]
    public async Task Lines_of_many_threads_do_not_mix()
    {
        var log = Open();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(t => Task.Run(() =>
        {
            for (var i = 0; i < 200; i++)
                log.Info("message", ("thread", t), ("text", new string('x', 50)));
        })));
        var lines = Text.TrimEnd('\n').Split('\n');
        Assert.Equal(800, lines.Length);
        Assert.All(lines, l => Assert.EndsWith($"[text={new string('x', 50)}]", l, StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_rotates_by_size_and_keeps_the_newest_backups()
    {
        var folder = Directory.CreateTempSubdirectory("tiferry-log").FullName;
        try
        {
            var path = Path.Combine(folder, "sub", "tiferry.log");
            using (var stream = new RotatingFileStream(path, new LogRotation(MaxBytes: 10, MaxBackups: 2), _time))
            {
                foreach (var text in new[] { "aaaaaa", "bbb", "cccccc", "dddddd", "eeeeeeeeeeeeeeee", "ffffff" })
                {
                    stream.Write(Encoding.ASCII.GetBytes(text));
                    _time.Advance(TimeSpan.FromMinutes(1));
                }
            }

            Assert.Equal("ffffff", File.ReadAllText(path));
            var backups = Directory.GetFiles(Path.GetDirectoryName(path)!, "tiferry-*.log").Order(StringComparer.Ordinal).Select(File.ReadAllText);
            Assert.Equal(["dddddd", "eeeeeeeeeeeeeeee"], backups);

            // Opening again goes on in the same file.
            using (var stream = new RotatingFileStream(path, new LogRotation(MaxBytes: 10, MaxBackups: 2), _time))
                stream.Write("gg"u8);
            Assert.Equal("ffffffgg", File.ReadAllText(path));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Old_backups_are_deleted_by_age()
    {
        var folder = Directory.CreateTempSubdirectory("tiferry-log").FullName;
        try
        {
            var path = Path.Combine(folder, "x.log");
            using var stream = new RotatingFileStream(path, new LogRotation(MaxBytes: 1, MaxAge: TimeSpan.FromDays(3)), _time);
            stream.Write("a"u8);
            stream.Write("b"u8);
            _time.Advance(TimeSpan.FromDays(5));
            stream.Write("c"u8);
            Assert.Equal("b", File.ReadAllText(Assert.Single(Directory.GetFiles(folder, "x-*.log"))));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
