namespace TiFerry.IntegrationTests;

/// <summary>Waits for conditions instead of times.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Asks again and again until the answer is yes.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        var deadline = DateTime.UtcNow + Patience;
        while (!await condition())
        {
            Assert.True(DateTime.UtcNow < deadline, $"waited in vain: {what}");
            await Task.Delay(20);
        }
    }
}
