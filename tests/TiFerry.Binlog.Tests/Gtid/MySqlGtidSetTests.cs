using FsCheck;
using FsCheck.Fluent;
using TiFerry.Binlog.Gtid;
using TiFerry.Core.Errors;

namespace TiFerry.Binlog.Tests.Gtid;

public sealed class MySqlGtidSetTests
{
    private const string A = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
    private const string B = "4e11fa47-71ca-11e1-9e33-c80aa9429562";

    [Theory]
    [InlineData("", "")]
    [InlineData(A + ":1", A + ":1")]
    [InlineData(A + ":1-3:5:4", A + ":1-5")]
    [InlineData(" " + A + " : 7 - 9 : 1 ,\n" + B + ":2", A + ":1:7-9," + B + ":2")]
    [InlineData(B + ":1," + A + ":1," + A + ":2", A + ":1-2," + B + ":1")]
    [InlineData(A + ":1-3:Tag_1:4-6:9:other:1", A + ":1-3:other:1:tag_1:4-6:9")]
    [InlineData("3E11FA4771CA11E19E33C80AA9429562:1", A + ":1")]
    public void Text_is_read_and_printed_in_order(string text, string expected) => Assert.Equal(expected, MySqlGtidSet.Parse(text).ToString());

    [Theory]
    [InlineData("x")]
    [InlineData(A)]
    [InlineData(A + ":0")]
    [InlineData(A + ":5-4")]
    [InlineData(A + ":1-")]
    [InlineData(A + ":tag")]
    [InlineData(A + ":tag:tag2:1")]
    [InlineData(A + ":9223372036854775807")]
    [InlineData("0-1-5")]
    public void Bad_text_is_refused(string text) =>
        Assert.Contains("GTID set", Assert.Throws<TiFerryException>(() => MySqlGtidSet.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData(A + ":1-3:5," + B + ":9")]
    [InlineData(A + ":1:tag:4-6," + B + ":other:1-2")]
    public void Encoded_form_reads_back(string text) => Assert.Equal(text, MySqlGtidSet.Decode(MySqlGtidSet.Parse(text).Encode()).ToString());

    [Fact]
    public void Encoded_form_without_tags_is_the_one_that_old_servers_take()
    {
        var encoded = MySqlGtidSet.Parse(A + ":1-3").Encode();
        Assert.Equal("0100000000000000" + "3E11FA4771CA11E19E33C80AA9429562" + "0100000000000000" + "0100000000000000" + "0400000000000000", Convert.ToHexString(encoded));
    }

    [Fact]
    public void Union_subtract_and_contains_are_those_of_sets_of_numbers()
    {
        var numbers = Gen.Choose(1, 40).ListOf().Select(list => list.ToHashSet());
        Prop.ForAll(Arb.From(numbers.Two()), pair =>
        {
            var (a, b) = (pair.Item1, pair.Item2);
            var (setA, setB) = (SetOf(a), SetOf(b));
            var union = setA.Clone();
            union.Union(setB);
            var rest = setA.Clone();
            rest.Subtract(setB);
            Assert.Equal(SetOf(a.Union(b)).ToString(), union.ToString());
            Assert.Equal(SetOf(a.Except(b)).ToString(), rest.ToString());
            Assert.Equal(b.IsSubsetOf(a), setA.ContainsAll(setB));
            Assert.Equal(a.SetEquals(b), setA.Equals(setB));
            Assert.Equal(a.Count, setA.Count);
            Assert.Equal(setA.ToString(), MySqlGtidSet.Parse(setA.ToString()).ToString());
            Assert.Equal(setA.ToString(), MySqlGtidSet.Decode(setA.Encode()).ToString());
            for (var number = 1; number <= 40; number++)
                Assert.Equal(a.Contains(number), setA.Contains(Gtid(number)));
        }).QuickCheckThrowOnFailure();
    }

    private static MySqlGtid Gtid(int number) => new(Guid.Parse(A), number % 3 == 0 ? "tag" : "", number);

    private static MySqlGtidSet SetOf(IEnumerable<int> numbers)
    {
        var set = new MySqlGtidSet();
        foreach (var number in numbers)
            Assert.True(set.Add(Gtid(number)));
        return set;
    }
}
