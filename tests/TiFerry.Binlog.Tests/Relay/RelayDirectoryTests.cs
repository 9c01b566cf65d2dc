using TiFerry.Binlog.Relay;
using TiFerry.Core.Errors;

namespace TiFerry.Binlog.Tests.Relay;

/// <summary>The layout on disk, names, and what is purged; without a server.</summary>
public sealed class RelayDirectoryTests : IDisposable
{
    private const string First = "3e11fa47-71ca-11e1-9e33-c80aa9429562.000001";
    private const string Second = "0-1002.000002";
    private readonly string _path = System.IO.Directory.CreateTempSubdirectory("tiferry-relay").FullName;
    private readonly RelayDirectory _directory;

    public RelayDirectoryTests() => _directory = new RelayDirectory(_path);

    public void Dispose() => System.IO.Directory.Delete(_path, recursive: true);

    [Theory]
    [InlineData("mysql-bin.000003", 1, "mysql-bin.000003")]
    [InlineData("mysql-bin.000003", 2, "mysql-bin|000002.000003")]
    [InlineData("db.one-bin.1000003", 12, "db.one-bin|000012.1000003")]
    public void File_names_are_qualified_as_in_dm(string file, int subDirectory, string qualified)
    {
        Assert.Equal(qualified, RelayFileName.Qualify(file, subDirectory));
        Assert.Equal(subDirectory, RelayFileName.SubDirectoryOf(qualified));
        Assert.Equal((file, subDirectory == 1 ? null : (int?)subDirectory), RelayFileName.Split(qualified));
    }

    [Theory]
    [InlineData("mysql|bin.000003")]
    [InlineData("mysql-bin")]
    [InlineData("|000002.000003")]
    public void Other_names_stay_as_they_are(string name)
    {
        Assert.Equal((name, null), RelayFileName.Split(name));
        Assert.Equal(1, RelayFileName.SubDirectoryOf(name));
    }

    [Fact]
    public void The_next_file_counts_up() => Assert.Equal(("b.000010", "b.1000000"), (RelayFileName.Next("b.000009"), RelayFileName.Next("b.999999")));

    [Fact]
    public void Positions_are_ordered_by_sub_directory_first()
    {
        string[] ordered = ["b.000009:500", "b.000010:4", "b|000002.000001:4", "b|000002.000001:900", "b|000002.000002:4", "b|000003.000001:4"];
        var positions = ordered.Select(BinlogPosition.Parse).ToArray();
        Assert.Equal(positions, positions.Reverse().Order());
        Assert.Equal(ordered, positions.Select(p => p.ToString()));
    }

    [Fact]
    public void Meta_is_what_dm_writes()
    {
        var meta = new RelayMeta("mysql-bin.000010", 63083620, "c0149e17-dff1-11e8-b6a8-0242ac110004:1-3328");
        meta.Write(_path);
        Assert.Equal(
            "binlog-name = \"mysql-bin.000010\"\nbinlog-pos = 63083620\nbinlog-gtid = \"c0149e17-dff1-11e8-b6a8-0242ac110004:1-3328\"\n",
            File.ReadAllText(Path.Combine(_path, "relay.meta")));
        Assert.Equal(meta, RelayMeta.Read(_path));
        File.WriteAllText(Path.Combine(_path, "relay.meta"), "# by hand\nbinlog-name = \"odd\\\\\\\"name.000001\"   # a comment\nbinlog-pos=4 # the start\n");
        Assert.Equal(new RelayMeta("odd\\\"name.000001", 4, ""), RelayMeta.Read(_path));
        File.WriteAllText(Path.Combine(_path, "relay.meta"), "binlog-pos = soon\n");
        Assert.Equal(30003, Assert.Throws<TiFerryException>(() => RelayMeta.Read(_path)).Code.Number);
    }

    [Fact]
    public void The_index_lists_sub_directories_that_count_up()
    {
        Assert.Empty(_directory.ReadIndex());
        Make(First, "binlog.000007");
        Make(Second, "binlog.000001");
        Assert.Equal(First + "\n" + Second + "\n", File.ReadAllText(Path.Combine(_path, "server-uuid.index")));
        Assert.Equal([First, Second], _directory.ReadIndex().Select(s => s.Name));
        Assert.Equal("binlog|000002.000001:4", _directory.Qualify(new BinlogPosition("binlog.000001", 4)).ToString());
        File.WriteAllText(Path.Combine(_path, "server-uuid.index"), $"{First}\n0-1002.000003\n");
        Assert.Equal(30001, Assert.Throws<TiFerryException>(_directory.ReadIndex).Code.Number);
        File.WriteAllText(Path.Combine(_path, "server-uuid.index"), "mysql-bin.1\n");
        Assert.Equal(28001, Assert.Throws<TiFerryException>(_directory.ReadIndex).Code.Number);
    }

    [Fact]
    public void Purges_by_age_up_to_the_first_younger_file()
    {
        Make(First, "binlog.000001", "binlog.000002");
        Make(Second, "binlog.000001", "binlog.000002", "binlog.000003");
        foreach (var file in (string[])[$"{First}/binlog.000001", $"{First}/binlog.000002", $"{Second}/binlog.000001", $"{Second}/binlog.000003"])
            File.SetLastWriteTimeUtc(Path.Combine(_path, file), DateTime.UtcNow.AddHours(-25));
        var purger = new RelayPurger(_directory, new RelayPurgeOptions { Expires = TimeSpan.FromHours(24), RemainSpace = 0 });
        Assert.Equal([$"{First}/binlog.000001", $"{First}/binlog.000002", $"{Second}/binlog.000001"], purger.PurgeAutomatically());
        Assert.Equal([Second], _directory.ReadIndex().Select(s => s.Name));
        Assert.False(System.IO.Directory.Exists(Path.Combine(_path, First)));
        Assert.Empty(purger.PurgeAutomatically());
    }

    [Fact]
    public void Purges_no_more_than_the_space_that_is_missing()
    {
        Make(First, "binlog.000001", "binlog.000002", "binlog.000003", "binlog.000004");
        var purger = new RelayPurger(_directory, new RelayPurgeOptions { RemainSpace = 300 }, () => 400 - (100 * System.IO.Directory.GetFiles(_path, "binlog.*", SearchOption.AllDirectories).Length));
        Assert.Equal([$"{First}/binlog.000001", $"{First}/binlog.000002", $"{First}/binlog.000003"], purger.PurgeAutomatically());
    }

    [Fact]
    public void Purges_what_stands_before_a_file()
    {
        Make(First, "binlog.000001", "binlog.000002");
        Make(Second, "binlog.000001", "binlog.000002");
        var purger = new RelayPurger(_directory, new RelayPurgeOptions());
        Assert.Equal(30040, Assert.Throws<TiFerryException>(() => purger.PurgeTo("binlog.000002", "0-1002.000004")).Code.Number);
        Assert.Equal([$"{First}/binlog.000001"], purger.PurgeTo("binlog.000002", First));
        using (_directory.Hold(new BinlogPosition("binlog|000002.000001", 4)))
            Assert.Equal([$"{First}/binlog.000002"], purger.PurgeTo("binlog.000002"));
        Assert.Equal([$"{Second}/binlog.000001"], purger.PurgeTo("binlog.000009"));
        Assert.True(File.Exists(Path.Combine(_path, Second, "binlog.000002")));
    }

    private void Make(string subDirectory, params string[] files)
    {
        _directory.Add(RelaySubDirectory.Parse(subDirectory, ""), new RelayMeta(files[0], 4, ""));
        foreach (var file in files)
            File.WriteAllText(Path.Combine(_path, subDirectory, file), file);
    }
}
