using TiFerry.Core.Config;
using TiFerry.Core.Errors;

namespace TiFerry.Core.Tests.Config;

public class TomlFileTests
{
    [Theory]
    [InlineData("""a = "x" """, "x")]
    [InlineData("""a = 'C:\new'""", @"C:\new")]
    [InlineData("""a = "tab\tquote\" \\ é \U0001F600" """, "tab\tquote\" \\ é 😀")]
    [InlineData("a = \"\"\"\nfirst\nsecond\"\"\"", "first\nsecond")]
    [InlineData("a = \"\"\"one \\\n   two\"\"\"", "one two")]
    [InlineData("a = \"\"\"two \"\" quotes, then two at the end\"\"\"\"\"", "two \"\" quotes, then two at the end\"\"")]
    [InlineData("a = '''\nno \\escape'''", @"no \escape")]
    [InlineData("a = '''it's'''", "it's")]
    [InlineData("a = \"\" # nothing", "")]
    [InlineData("a = \"\"\"\"\"\"", "")]
    [InlineData("\"a\" = \"quoted key\"", "quoted key")]
    [InlineData("'a' = \"x\"\r\n", "x")]
    [InlineData("\ufeffa = \"after a byte order mark\"", "after a byte order mark")]
    public void Texts(string text, string wanted) => Assert.Equal(wanted, Read(text).Text("a"));

    [Theory]
    [InlineData("a = 1_000", 1000)]
    [InlineData("a = +7", 7)]
    [InlineData("a = -0", 0)]
    [InlineData("a = 0xDEAD_beef", 0xdeadbeef)]
    [InlineData("a = 0o755", 493)]
    [InlineData("a = 0b1101", 13)]
    [InlineData("a = 9223372036854775807", long.MaxValue)]
    public void Whole_numbers(string text, long wanted) => Assert.Equal(wanted, Read(text)["a"]!.AsLong(long.MinValue, long.MaxValue));

    [Theory]
    [InlineData("a = 1.5", 1.5)]
    [InlineData("a = -2e3", -2000)]
    [InlineData("a = 6.626e-3", 0.006626)]
    [InlineData("a = 1_0.2_5", 10.25)]
    [InlineData("a = 3", 3)]
    public void Numbers(string text, double wanted) => Assert.Equal(wanted, Read(text)["a"]!.AsReal());

    [Theory]
    [InlineData("a = 1979-05-27T07:32:00Z")]
    [InlineData("a = 1979-05-27 07:32:00.999999-07:00")]
    [InlineData("a = 1979-05-27T07:32:00.123456789")]
    [InlineData("a = 1979-05-27")]
    [InlineData("a = 07:32:00")]
    public void Dates_are_known_and_no_texts(string text) => Assert.Throws<TiFerryException>(() => Read(text).Text("a"));

    [Fact]
    public void Tables_lists_and_dotted_keys()
    {
        var map = Read("""
            top = true
            x.y.z = 1
            x.y."w v" = 2
            list = [ 1, 2, # comment
              3,
            ]
            inline = { a = "b", c.d = 'e' }
            mixed = [ { k = 1 }, { k = 2 } ]

            [ table . sub ]
            k = 1
            [table]
            k = 2
            [[many]]
            n = 1
            [[many]]
            n = 2
            [many.below]
            m = 3
            """);

        Assert.True(map.Flag("top"));
        Assert.Equal(2, map["x"]!.AsMap()["y"]!.AsMap().Number("w v", 0));
        Assert.Equal([1, 2, 3], map.List("list").Select(v => v.AsNumber(0, 9)));
        Assert.Equal("e", map["inline"]!.AsMap()["c"]!.AsMap().Text("d"));
        Assert.Equal([1, 2], map.List("mixed").Select(v => v.AsMap().Number("k", 0)));
        Assert.Equal(1, map["table"]!.AsMap()["sub"]!.AsMap().Number("k", 0));
        Assert.Equal(2, map["table"]!.AsMap().Number("k", 0));
        Assert.Equal(3, map.List("many")[1].AsMap()["below"]!.AsMap().Number("m", 0));
    }

    [Theory]
    [InlineData("a = ", "f.toml:1:5", "a value is missing")]
    [InlineData("a = x", "f.toml:1:5", "'x' is no value")]
    [InlineData("a = 1\na = 2", "f.toml:2:1", "'a' occurs twice")]
    [InlineData("a = 1 b = 2", "f.toml:1:7", "'b' stands where the line should end")]
    [InlineData("= 1", "f.toml:1:1", "a key is missing")]
    [InlineData("a", "f.toml:1:2", "'=' is missing")]
    [InlineData("[a", "f.toml:1:3", "']' is missing")]
    [InlineData("[a]\n[a]", "f.toml:2:1", "'a' is defined already")]
    [InlineData("[a.b]\nc = 1\n[a]\nb.d = 1", "f.toml:4:1", "'b' is defined already")]
    [InlineData("a.b = 1\n[a]", "f.toml:2:1", "'a' is defined already")]
    [InlineData("a = { b = 1 }\n[a.c]", "f.toml:2:1", "'a' is no table")]
    [InlineData("a = { b = 1 }\na.c = 2", "f.toml:2:1", "'a' is defined already")]
    [InlineData("a = { b = 1, }", "f.toml:1:14", "a key is missing behind the comma")]
    [InlineData("a = [1]\n[[a]]", "f.toml:2:1", "'a' is defined already")]
    [InlineData("a = [1 2]", "f.toml:1:8", "']' is missing")]
    [InlineData("a = 01", "f.toml:1:5", "'01' is no value")]
    [InlineData("a = 1__0", "f.toml:1:5", "is no value")]
    [InlineData("a = 99999999999999999999", "f.toml:1:5", "is no value")]
    [InlineData("a = 0x", "f.toml:1:5", "is no value")]
    [InlineData("a = True", "f.toml:1:5", "'True' is no value")]
    [InlineData("a = 2026-02-30", "f.toml:1:5", "is no value")]
    [InlineData("a = \"x\ny\"", "f.toml:1:7", "the end of the line stands in a text")]
    [InlineData("a = \"x", "f.toml:1:7", "the file ends here")]
    [InlineData("a = \"\"\"x", "f.toml:1:9", "the file ends here")]
    [InlineData(@"a = ""\q""", "f.toml:1:6", @"there is no escape '\q'")]
    [InlineData(@"a = ""\ud800""", "f.toml:1:", "is no character's number")]
    [InlineData("a = 1\rb = 2", "f.toml:1:6", "the end of the line stands where")]
    [InlineData("# \u0001", "f.toml:1:3", "the control character 1")]
    [InlineData("\"\"\"a\"\"\" = 1", "f.toml:1:1", "several lines")]
    public void What_is_no_toml(string text, string place, string reason) => AssertBad(text, v => v, place, "the file is not valid TOML", reason);

    [Fact]
    public void Deep_nesting_is_refused() => AssertBad("a = " + new string('[', 5000), v => v, "nested too deeply");

    [Theory]
    [InlineData("a = 1", "f.toml:1:5: 'a': '1' stands where a text in quotes is expected")]
    [InlineData("a = [1]", "a list stands where a text")]
    public void A_number_is_no_text(string text, string reason) => AssertBad(text, v => v.AsMap().Text("a"), reason);

    [Fact]
    public void A_text_is_no_number_or_flag()
    {
        AssertBad("[x]\na = \"1\"", v => v.AsMap()["x"]!.AsMap().Number("a", 0), "f.toml:2:5: 'x.a': a quoted text stands where a whole number");
        AssertBad("a = \"true\"", v => v.AsMap().Flag("a"), "a quoted text stands where true or false");
        AssertBad("a = 1.0", v => v.AsMap().Number("a", 0), "'1.0' stands where a whole number");
    }

    [Fact]
    public void An_unknown_key_names_the_known_ones() =>
        AssertBad("good = 1\nbda = 2", v => v.AsMap("good", "bad"), "f.toml:2:7: 'bda': there is no such key here", "use some of: good, bad");

    private static ConfigMap Read(string text) => TomlFile.Parse("f.toml", text).AsMap();

    private static void AssertBad(string text, Func<ConfigValue, object?> read, params string[] parts)
    {
        var error = Assert.Throws<TiFerryException>(() => read(TomlFile.Parse("f.toml", text)));
        Assert.Equal(ConfigErrors.BadConfig, error.Code);
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }
}
