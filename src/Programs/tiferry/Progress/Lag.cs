using TiFerry.Core.Progress;

namespace TiFerry.Programs.Ferry.Progress;

/// <summary>Lag for people: events carry whole seconds.</summary>
internal static class Lag
{
    public static string Text(TimeSpan lag) => lag < TimeSpan.FromSeconds(1) ? "0s" : HumanFormat.Duration(TimeSpan.FromSeconds((long)lag.TotalSeconds));
}
