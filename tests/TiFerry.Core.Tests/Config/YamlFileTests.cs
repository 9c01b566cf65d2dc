using TiFerry.Core.Config;
using TiFerry.Core.Errors;

namespace TiFerry.Core.Tests.Config;

public sealed class YamlFileTests
{
    [Fact]
    public void Values_of_all_types()
    {
        var map = YamlFile.Parse("f.yaml", """
            text: "a: b"
            number: 16
            yes: true
            list: [one, 2]
            nothing:
            inner:
              key: value
            """).AsMap("text", "number", "yes", "list", "nothing", "inner", "other");

        Assert.Equal("a: b", map.Text("text"));
        Assert.Equal(16, map.Number("number", 1));
        Assert.Equal("16", map.Text("number"));
        Assert.True(map.Flag("yes"));
        Assert.Equal(["one", "2"], map.Texts("list"));
        Assert.Equal("value", map["inner"]!.AsMap("key").Text("key"));
        Assert.Equal("default", map.Text("nothing", "default"));
        Assert.Equal(7, map.Number("other", 7));
        Assert.Empty(map.Texts("other"));
    }

    [Fact]
    public void An_empty_file_is_an_empty_map() => Assert.Empty(YamlFile.Parse("f.yaml", "# nothing\n").AsMap().Entries);

    [Fact]
    public void Anchors_and_merged_maps()
    {
        var map = YamlFile.Parse("f.yaml", """
            base: &base {a: 1, b: 2}
            derived: {<<: *base, b: 3}
            """).AsMap();

        var derived = map["derived"]!.AsMap("a", "b");
        Assert.Equal(1, derived.Number("a", 0));
        Assert.Equal(3, derived.Number("b", 0));
    }

    [Fact]
    public void An_unknown_key_is_refused_with_its_place_and_the_known_ones() =>
        AssertBad("outer:\n  kye: 1\n", v => v.AsMap("outer")["outer"]!.AsMap("key", "other"), "f.yaml:2:8: 'outer.kye': there is no such key here", "use some of: key, other");

    [Fact]
    public void A_key_that_occurs_twice_is_refused() => AssertBad("a: 1\nb: 2\na: 3\n", v => v, "f.yaml:3:1", "Duplicate key");

    [Fact]
    public void Broken_yaml_is_refused_with_its_place() => AssertBad("x: 1\na: [1, 2\nb: 3\n", v => v, "f.yaml:2:", "not valid YAML");

    [Fact]
    public void Wrong_indentation_is_refused_with_its_place() => AssertBad("a:\n  b: 1\n c: 2\n", v => v, "f.yaml:3:", "not valid YAML");

    [Fact]
    public void A_second_document_is_refused() => AssertBad("a: 1\n---\nb: 2\n", v => v, "f.yaml:3:1: a second document");

    [Theory]
    [InlineData("a: x", "'x' stands where a whole number")]
    [InlineData("a: \"1\"", "a quoted text stands where a whole number")]
    [InlineData("a: [1]", "a list stands where a whole number")]
    [InlineData("a: 1.5", "'1.5' stands where a whole number")]
    [InlineData("a: 0", "0 is out of range")]
    [InlineData("a: 99999999999", "99999999999 is out of range")]
    public void What_is_no_number(string text, string reason) => AssertBad(text, v => v.AsMap().Number("a", 5, 1, 10), "f.yaml:1:4: 'a':", reason);

    [Theory]
    [InlineData("a: 1")]
    [InlineData("a: \"true\"")]
    [InlineData("a: {}")]
    public void What_is_no_flag(string text) => AssertBad(text, v => v.AsMap().Flag("a"), "stands where true or false");

    [Fact]
    public void What_is_no_text_list_or_map()
    {
        AssertBad("a: [[1]]", v => v.AsMap().Texts("a"), "f.yaml:1:5: 'a[0]': a list stands where a text");
        AssertBad("a: 1", v => v.AsMap().Texts("a"), "'1' stands where a list");
        AssertBad("a: 1", v => v.AsMap()["a"]!.AsMap(), "'1' stands where a map");
        AssertBad("- 1", v => v.AsMap(), "f.yaml:1:1: a list stands where a map");
    }

    [Fact]
    public void Errors_of_what_is_made_of_a_value_get_its_place() =>
        AssertBad("a:\n  - x\n", v => v.AsMap().List("a")[0].Build<int>(() => throw new TiFerryException(ConfigErrors.BadYaml, ErrorScope.Internal, "no good", "do better")), "f.yaml:2:5: 'a[0]': no good", "do better");

    [Fact]
    public void A_missing_file_is_named()
    {
        var error = Assert.Throws<TiFerryException>(() => YamlFile.Read("/nowhere/rules.yaml"));

        Assert.Equal(ConfigErrors.CannotReadFile, error.Code);
        Assert.Contains("/nowhere/rules.yaml", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("60s", 60_000)]
    [InlineData("1m30s", 90_000)]
    [InlineData("1.5h", 5_400_000)]
    [InlineData("250ms", 250)]
    [InlineData("0", 0)]
    [InlineData("0s", 0)]
    public void Durations(string text, int milliseconds)
    {
        Assert.True(GoDuration.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("60")]
    [InlineData("s")]
    [InlineData("1d")]
    [InlineData("-1s")]
    [InlineData("1..5s")]
    public void What_is_no_duration(string text) => Assert.False(GoDuration.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(1_500, "1.5s")]
    [InlineData(90_000, "1m30s")]
    [InlineData(5_400_000, "1h30m0s")]
    [InlineData(86_400_000, "24h0m0s")]
    [InlineData(250, "250ms")]
    public void Durations_as_go_writes_them(int milliseconds, string text)
    {
        Assert.Equal(text, GoDuration.Format(TimeSpan.FromMilliseconds(milliseconds)));
        Assert.True(GoDuration.TryParse(text, out var again));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), again);
    }

    [Fact]
    public void Aliases_of_aliases_do_not_grow()
    {
        var text = "a0: &a0 [x]\n" + string.Concat(Enumerable.Range(1, 60).Select(i => $"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n"));

        Assert.Equal(2, YamlFile.Parse("f.yaml", text).AsMap().List("a60").Count);
    }

    [Theory]
    [InlineData("pw: secret # mine\n", "pw: \"new\" # mine\n")]
    [InlineData("a: {pw: 's''q', b: 1}\n", "a: {pw: \"new\", b: 1}\n")]
    [InlineData("# é\npw:   \"x\"", "# é\npw:   \"new\"")]
    public void A_value_can_be_replaced_in_its_file(string text, string changed)
    {
        var top = YamlFile.Parse("f.yaml", text).AsMap();

        Assert.Equal(changed, (top["pw"] ?? top["a"]!.AsMap()["pw"])!.TryReplaceIn(text, "new"));
    }

    private static void AssertBad(string text, Func<ConfigValue, object?> read, params string[] parts)
    {
        var error = Assert.Throws<TiFerryException>(() => read(YamlFile.Parse("f.yaml", text)));
        Assert.Equal(ConfigErrors.BadYaml, error.Code);
        foreach (var part in parts)
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }
}
