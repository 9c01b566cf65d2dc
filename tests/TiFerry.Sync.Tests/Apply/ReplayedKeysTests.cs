using TiFerry.Sync.Apply;

namespace TiFerry.Sync.Tests.Apply;

/// <summary>Which sequences of cascades can be repeated over children that are further on already.</summary>
public sealed class ReplayedKeysTests
{
    [Theory]
    [InlineData(true, "1>3")]
    [InlineData(true, "1>3", "3>1")]
    [InlineData(true, "1>3", "3>5", "5>1")]
    [InlineData(true, "1>", "2>3")]
    [InlineData(false, "1>3", "2>1")]
    [InlineData(false, "1>", "2>1")]
    [InlineData(false, "1>9", "2>1", "9>2")]
    public void Says_whether_a_replay_ends_in_the_same_keys(bool isRepeatable, params string[] cascades)
    {
        var keys = new ReplayedKeys();
        var all = true;
        foreach (var cascade in cascades)
        {
            var parts = cascade.Split('>');
            all &= keys.Move(parts[0], parts[1].Length == 0 ? null : parts[1]);
        }
        Assert.Equal(isRepeatable, all);
    }

    [Fact]
    public void Never_trusts_a_sequence_that_would_move_a_child_on()
    {
        var random = new Random(1);
        for (var round = 0; round < 5_000; round++)
        {
            var keys = new ReplayedKeys();
            var moves = new List<(string From, string To)>();
            for (var i = 0; i < 6; i++)
            {
                var (from, to) = (random.Next(4).ToString(), random.Next(4).ToString());
                if (from == to)
                    continue;
                moves.Add((from, to));
                var replayed = moves.Aggregate(to, (key, move) => key == move.From ? move.To : key);
                Assert.Equal(replayed == to, keys.Move(from, to));
            }
        }
    }
}
