using System.Runtime.CompilerServices;

namespace TiFerry.Migration.Checks;

/// <summary>Triggers, routines and events of the databases that take part.</summary>
public static class UncarriedCheck
{
    /// <summary>Runs the check.</summary>
    public static async IAsyncEnumerable<CheckResult> RunAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        var objects = await UncarriedObjects.ReadAsync(context.Source, context.Filter.MatchTable, await context.SchemasAsync(ct), ct);
        if (objects.Triggers.Count > 0)
        {
            yield return CheckResult.Warning("source triggers", objects.Triggers, list => $"not carried; what they do on the source is, as rows: {list}",
                "create them on the target when clients move there, not before");
        }
        if (objects.Routines.Count > 0)
            yield return CheckResult.Warning("source routines", objects.Routines, list => $"not carried: {list}", "create them on the target by hand");
        if (objects.Events.Count > 0)
        {
            yield return CheckResult.Warning("source events", objects.Events, list => $"not carried; what they do on the source is, as rows: {list}",
                "create them on the target when clients move there, not before");
        }
    }
}
