namespace TiFerry.IntegrationTests.Cluster;

internal static class Messages
{
    /// <summary>Fails the test unless a message has all the parts; shows the whole message.</summary>
    public static void Says(this string? message, params IEnumerable<string> parts)
    {
        foreach (var part in parts)
            Assert.True(message?.Contains(part, StringComparison.OrdinalIgnoreCase), $"'{part}' isn't said:\n{message}");
    }
}
