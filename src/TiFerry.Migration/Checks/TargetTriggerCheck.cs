using System.Runtime.CompilerServices;
using TiFerry.Schema.Tables;

namespace TiFerry.Migration.Checks;

/// <summary>Triggers and events of the target: they would do again what the source's rows already hold.</summary>
public static class TargetTriggerCheck
{
    /// <summary>Runs the check.</summary>
    public static async IAsyncEnumerable<CheckResult> RunAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        var schemas = await context.TargetSchemasAsync(ct);
        if (schemas.Count == 0)
            yield break;
        var written = (await context.ObjectsAsync(ct)).Select(o => context.Names.Of(o.Name)).ToHashSet();
        var objects = await UncarriedObjects.ReadAsync(context.Target, (schema, table) => written.Contains(new TableName(schema, table)), schemas, ct);
        if (objects.Triggers.Count > 0)
        {
            yield return CheckResult.Error("target triggers", objects.Triggers, list => $"they would run for every row that is written, and the source's rows already hold what its triggers did: {list}",
                "drop them, and create them again when clients move to the target");
        }
        var variables = await context.TargetVariablesAsync(ct);
        if (objects.Events.Count > 0 && CheckContext.IsOn(variables.GetValueOrDefault("event_scheduler")))
        {
            yield return CheckResult.Warning("target events", objects.Events, list => $"the target's event scheduler runs, and these may change rows: {list}",
                "SET GLOBAL event_scheduler = OFF on the target until clients move there");
        }
    }
}
