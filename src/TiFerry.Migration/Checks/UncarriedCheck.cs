using System.Runtime.CompilerServices;

namespace TiFerry.Migration.Checks;

/// <summary>Triggers, routines and events of the databases that take part.</summary>
internal static class UncarriedCheck
{
    public static async IAsyncEnumerable<CheckResult> RunAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        var objects = await UncarriedObjects.ReadAsync(context.Source, context.Filter.MatchTable, await context.SchemasAsync(ct), ct);
        if (objects.Triggers.Count > 0)
        {
            yield return CheckResult.Warning("source triggers", $"not carried; what they do on the source is, as rows: {NameList.Of(objects.Triggers)}",
                "create them on the target when clients move there, not before");
        }
        if (objects.Routines.Count > 0)
            yield return CheckResult.Warning("source routines", $"not carried: {NameList.Of(objects.Routines)}", "create them on the target by hand");
        if (objects.Events.Count > 0)
        {
            yield return CheckResult.Warning("source events", $"not carried; what they do on the source is, as rows: {NameList.Of(objects.Events)}",
                "create them on the target when clients move there, not before");
        }
    }
}
