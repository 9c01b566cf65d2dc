namespace TiFerry.Dm.Tests.Worker;

/// <summary>Waits for what must come true.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static Task TrueAsync(Func<bool> condition) => TrueAsync(() => Task.FromResult(condition()), static () => "");

    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> state)
    {
        var giveUpAt = DateTimeOffset.UtcNow + Deadline;
        while (!await condition())
        {
            if (DateTimeOffset.UtcNow > giveUpAt)
                throw new TimeoutException($"it did not come true in time: {state()}");
            await Task.Delay(5);
        }
    }
}
