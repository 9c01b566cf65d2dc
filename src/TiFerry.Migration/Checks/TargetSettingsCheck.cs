using System.Globalization;
using System.Runtime.CompilerServices;
using TiFerry.Core.Progress;
using TiFerry.MySql;

namespace TiFerry.Migration.Checks;

/// <summary>Settings of the target that writing depends on.</summary>
public static class TargetSettingsCheck
{
    /// <summary>Runs the check.</summary>
    public static async IAsyncEnumerable<CheckResult> RunAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        var source = await context.SourceVariablesAsync(ct);
        var target = await context.TargetVariablesAsync(ct);
        var isReadOnly = CheckContext.IsOn(target.GetValueOrDefault("read_only"))
            && !(await Grants.ReadAsync(context.Target, ct)).HasGlobal("SUPER", "READ_ONLY ADMIN", "READ ONLY ADMIN", "CONNECTION_ADMIN");
        if (isReadOnly || CheckContext.IsOn(target.GetValueOrDefault("super_read_only")))
            yield return CheckResult.Error("target read_only", "the target takes no writes", "SET GLOBAL read_only = OFF (and super_read_only) on the target");

        var sourceLimit = Number(source, "max_allowed_packet");
        var targetLimit = Number(target, "max_allowed_packet");
        yield return targetLimit < sourceLimit
            ? CheckResult.Warning("target max_allowed_packet", $"it is {HumanFormat.Bytes(targetLimit)}, the source's is {HumanFormat.Bytes(sourceLimit)}: a row that is larger than the target's stops the migration",
                $"SET GLOBAL max_allowed_packet = {sourceLimit.ToString(CultureInfo.InvariantCulture)} on the target")
            : CheckResult.Pass("target max_allowed_packet", $"it is {HumanFormat.Bytes(targetLimit)}");

        if (context.Target.Server.Flavour == ServerFlavour.TiDb)
        {
            await foreach (var result in TiDbAsync(context, ct))
                yield return result;
        }
    }

    // TiDB manual, "Character Set and Collation" and "MySQL Compatibility".
    private static async IAsyncEnumerable<CheckResult> TiDbAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        var framework = await context.Target.QueryScalarAsync("SELECT VARIABLE_VALUE FROM mysql.tidb WHERE VARIABLE_NAME = 'new_collation_enabled'", ct);
        if (string.Equals(framework, "False", StringComparison.OrdinalIgnoreCase))
        {
            yield return CheckResult.Warning("target collations", "this TiDB cluster compares all strings by their bytes: letter case and accents count in keys and queries",
                "set new_collations_enabled_on_first_bootstrap when a cluster is created; it can't be changed later");
        }
        if (!context.Target.Server.IsTiDbAtLeast(6, 6))
            yield return CheckResult.Warning("target foreign keys", "TiDB before 6.6 keeps foreign keys in definitions only and does not enforce them", "upgrade TiDB where the application relies on them");
    }

    private static long Number(Dictionary<string, string> variables, string name) =>
        long.TryParse(variables.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;
}
