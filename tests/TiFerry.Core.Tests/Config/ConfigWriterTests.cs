using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using TiFerry.Core.Config;

namespace TiFerry.Core.Tests.Config;

/// <summary>What is written is read back as the same, whatever it is.</summary>
public class ConfigWriterTests
{
    [Fact]
    public void Yaml_is_laid_out_for_people()
    {
        var map = new OrderedDictionary<string, object?>
        {
            ["name"] = "task-1",
            ["empty"] = "",
            ["yes"] = "yes",
            ["flag"] = true,
            ["none"] = new List<object?>(),
            ["rules"] = new List<object?> { "a b", new OrderedDictionary<string, object?> { ["db-name"] = "~^x", ["more"] = new List<object?> { 1 } } },
            ["below"] = new OrderedDictionary<string, object?> { ["number"] = 5 },
        };

        Assert.Equal("""
            name: task-1
            empty: ""
            "yes": "yes"
            flag: true
            none: []
            rules:
            - "a b"
            - db-name: "~^x"
              more:
              - 1
            below:
              number: 5

            """, YamlWriter.Write(map));
    }

    [Fact]
    public void Toml_has_tables_behind_values()
    {
        var map = new OrderedDictionary<string, object?>
        {
            ["table"] = new OrderedDictionary<string, object?> { ["a b"] = 1.0 },
            ["many"] = new List<object?> { new OrderedDictionary<string, object?> { ["n"] = 1 }, new OrderedDictionary<string, object?> { ["n"] = 2 } },
            ["nothing"] = null,
            ["value"] = "x",
        };

        Assert.Equal("""
            value = "x"

            [table]
            "a b" = 1.0

            [[many]]
            n = 1

            [[many]]
            n = 2

            """, TomlWriter.Write(map));
    }

    [Theory]
    [InlineData("root\n")]
    [InlineData("true\n")]
    [InlineData("\nx")]
    public void An_end_of_line_is_kept(string text)
    {
        var map = new OrderedDictionary<string, object?> { [text] = text };

        Assert.Equal(text, YamlFile.Parse("f.yaml", YamlWriter.Write(map)).AsMap().Text(text));
        Assert.Equal(text, TomlFile.Parse("f.toml", TomlWriter.Write(map)).AsMap().Text(text));
    }

    [Fact]
    public void Whatever_is_written_as_yaml_is_read_back() => Check.QuickThrowOnFailure(Prop.ForAll(Maps(), map =>
        Assert.Equal(Flat(map), Flat(YamlFile.Parse("f.yaml", YamlWriter.Write(map))))));

    [Fact]
    public void Whatever_is_written_as_toml_is_read_back() => Check.QuickThrowOnFailure(Prop.ForAll(Maps(), map =>
        Assert.Equal(Flat(map), Flat(TomlFile.Parse("f.toml", TomlWriter.Write(map))))));

    private static Arbitrary<OrderedDictionary<string, object?>> Maps() => Map(3).ToArbitrary();

    private static Gen<OrderedDictionary<string, object?>> Map(int depth) =>
        Text().Zip(Value(depth)).ListOf().Select(entries => new OrderedDictionary<string, object?>(entries.DistinctBy(e => e.Item1).Select(e => KeyValuePair.Create(e.Item1, e.Item2))));

    private static Gen<object?> Value(int depth)
    {
        var scalars = Gen.OneOf(Text().Select(t => (object?)t), Gen.Elements<object?>(true, false), Gen.Choose(int.MinValue, int.MaxValue).Select(n => (object?)(long)n));
        return depth == 0 ? scalars : Gen.OneOf(
            scalars,
            Map(depth - 1).Select(m => (object?)m),
            scalars.ListOf().Select(l => (object?)l.ToList()),
            Map(depth - 1).NonEmptyListOf().Select(l => (object?)l.Cast<object?>().ToList()));
    }

    // Words that mean something in YAML or TOML, and texts of characters that do.
    private static Gen<string> Text() => Gen.OneOf(
        Gen.Elements("true", "No", "null", "~", "", "1", "1e3", "0x1", "-", "a: b", "#x", "<<", "2026-01-31", ".inf", "=", "! x", "日本", "😀"),
        Gen.Elements([.. "ab_-.:#'\"\\ \t\n\r{}[],&*!|>%@`0\u0001\u0085\u00a0\u2028é"]).ListOf().Select(c => string.Concat(c)));

    private static List<string> Flat(OrderedDictionary<string, object?> map)
    {
        var lines = new List<string>();
        Add("", map);
        lines.Sort(StringComparer.Ordinal);
        return lines;

        void Add(string path, object? value)
        {
            if (value is OrderedDictionary<string, object?> inner)
                inner.ToList().ForEach(e => Add($"{path}/{e.Key}", e.Value));
            else if (value is List<object?> list)
                list.Index().ToList().ForEach(e => Add($"{path}/{e.Index}", e.Item));
            else
                lines.Add($"{path}={(value is bool flag ? flag ? "true" : "false" : Convert.ToString(value, CultureInfo.InvariantCulture))}");
        }
    }

    private static List<string> Flat(ConfigValue file)
    {
        var lines = new List<string>();
        Add("", file);
        lines.Sort(StringComparer.Ordinal);
        return lines;

        void Add(string path, ConfigValue value)
        {
            if (value.IsList)
                value.AsList().Index().ToList().ForEach(e => Add($"{path}/{e.Index}", e.Item));
            else if (IsMap(value))
                value.AsMap().Entries.ToList().ForEach(e => Add($"{path}/{e.Key}", e.Value));
            else
                lines.Add($"{path}={Scalar(value)}");
        }
    }

    private static bool IsMap(ConfigValue value)
    {
        try
        {
            return value.AsMap() is not null;
        }
        catch (TiFerry.Core.Errors.TiFerryException)
        {
            return false;
        }
    }

    private static string Scalar(ConfigValue value)
    {
        try
        {
            return value.AsText();
        }
        catch (TiFerry.Core.Errors.TiFerryException)
        {
            return AsNumberOrFlag(value);
        }
    }

    private static string AsNumberOrFlag(ConfigValue value)
    {
        try
        {
            return value.AsLong(long.MinValue, long.MaxValue).ToString(CultureInfo.InvariantCulture);
        }
        catch (TiFerry.Core.Errors.TiFerryException)
        {
            return value.AsFlag() ? "true" : "false";
        }
    }
}
