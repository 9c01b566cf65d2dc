using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace TiFerry.Architecture.Tests;

public sealed partial class RoomTests
{
    [Fact]
    public void Every_folder_under_src_is_a_room()
    {
        var strangers = Rooms.OnDisk().Where(room => Rooms.Rank(room.Room) < 0).Select(room => room.Folder);
        AssertNone(strangers);
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var listed = XDocument.Load(Path.Combine(Rooms.Root, "TiFerry.slnx")).Descendants("Project").Select(project => project.Attribute("Path")!.Value).ToHashSet(StringComparer.Ordinal);
        var missing = from folder in new[] { "src", "tests" }
                      from file in Directory.EnumerateFiles(Path.Combine(Rooms.Root, folder), "*.csproj", SearchOption.AllDirectories)
                      let path = Path.GetRelativePath(Rooms.Root, file)
                      where !listed.Contains(path)
                      select path;
        AssertNone(missing);
    }

    [Fact]
    public void Projects_reference_only_rooms_above()
    {
        var violations = from room in Rooms.OnDisk()
                         from project in Directory.EnumerateFiles(room.Folder, "*.csproj", SearchOption.AllDirectories)
                         from reference in XDocument.Load(project).Descendants("ProjectReference")
                         let target = Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value)
                         let violation = Rooms.Violation(room.Room, RoomOfName(target) ?? target, Path.GetRelativePath(Rooms.Root, project))
                         where violation is not null
                         select violation;
        AssertNone(violations);
    }

    [Fact]
    public void Assemblies_reference_only_rooms_above()
    {
        var violations = from file in Directory.EnumerateFiles(AppContext.BaseDirectory, "TiFerry.*.dll")
                         let room = RoomOfName(Path.GetFileNameWithoutExtension(file))
                         where room is not null && Rooms.Rank(room) >= 0
                         from reference in AssemblyReferences(file)
                         let target = RoomOfName(reference)
                         where target is not null
                         let violation = Rooms.Violation(room, target, Path.GetFileName(file))
                         where violation is not null
                         select violation;
        AssertNone(violations);
    }

    [Fact]
    public void Sources_use_only_namespaces_of_rooms_above()
    {
        var violations = from room in Rooms.OnDisk()
                         from file in SourceFiles(room.Folder)
                         from Match use in NamespaceUse().Matches(File.ReadAllText(file))
                         let violation = Rooms.Violation(room.Room, use.Groups["room"].Value, Path.GetRelativePath(Rooms.Root, file))
                         where violation is not null
                         select violation;
        AssertNone(violations);
    }

    [Fact]
    public void Namespaces_follow_folders()
    {
        var violations = from room in Rooms.OnDisk()
                         where room.Room != "Programs"
                         from file in SourceFiles(room.Folder)
                         let folder = Path.GetRelativePath(room.Folder, Path.GetDirectoryName(file)!)
                         let expected = $"TiFerry.{room.Room}" + (folder == "." ? "" : "." + folder.Replace('/', '.'))
                         from Match declared in NamespaceDeclaration().Matches(File.ReadAllText(file))
                         where declared.Groups["name"].Value != expected
                         select $"{Path.GetRelativePath(Rooms.Root, file)} declares {declared.Groups["name"].Value}, not {expected}";
        AssertNone(violations);
    }

    [Theory]
    [InlineData("Sync", "Binlog", true)]
    [InlineData("Binlog", "Sync", false)]
    [InlineData("Core", "Programs", false)]
    [InlineData("Core", "Core", true)]
    [InlineData("Dm", "Attic", false)]
    public void The_order_allows_upwards_only(string from, string to, bool allowed) =>
        Assert.Equal(allowed, Rooms.Violation(from, to, "here") is null);

    private static void AssertNone(IEnumerable<string> findings) => Assert.Equal("", string.Join('\n', findings));

    private static IEnumerable<string> SourceFiles(string folder) =>
        Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(folder, file).Split('/').Any(part => part is "obj" or "bin"));

    private static IEnumerable<string> AssemblyReferences(string file)
    {
        using var assembly = new PEReader(File.OpenRead(file));
        var metadata = assembly.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }

    /// <summary>TiFerry.Sync is Sync; null for what is not ours.</summary>
    private static string? RoomOfName(string name) =>
        name.StartsWith("TiFerry.", StringComparison.Ordinal) ? name.Split('.')[1] : null;

    /// <summary>Using directives and fully qualified names alike; not the room's own declaration, which is allowed anyway.</summary>
    [GeneratedRegex(@"(?<![\w.""])TiFerry\.(?<room>[A-Z]\w*)", RegexOptions.None)]
    private static partial Regex NamespaceUse();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceDeclaration();
}
