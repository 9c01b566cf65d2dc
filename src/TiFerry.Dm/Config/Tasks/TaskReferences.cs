using TiFerry.Core.Config;
using TiFerry.Core.Errors;

namespace TiFerry.Dm.Config.Tasks;

/// <summary>Looks whether every rule that an instance names is in the file, and every rule of the file is named by an instance.</summary>
internal static class TaskReferences
{
    /// <summary>Looks at a whole file.</summary>
    /// <param name="task">What was read.</param>
    /// <param name="top">Where it was read.</param>
    /// <param name="notices">Takes a line for what may be forgotten.</param>
    public static void Check(TaskConfig task, ConfigMap top, ICollection<string> notices)
    {
        var used = new HashSet<(string Section, string Name)>();
        foreach (var (instance, entry) in task.Instances.Zip(top.List("mysql-instances")))
        {
            var map = entry.AsMap();
            Refer("route-rules", instance.RouteRules, "routes", task.Routes.Keys, TaskFileErrors.NoSuchRoute);
            Refer("filter-rules", instance.FilterRules, "filters", task.Filters.Keys, TaskFileErrors.NoSuchFilter);
            Refer("expression-filters", instance.ExpressionFilters, "expression-filter", task.ExpressionFilters.Keys, TaskFileErrors.NoSuchExpressionFilter);
            Refer(map["block-allow-list"] is { } given && given.AsText().Length > 0 ? "block-allow-list" : "black-white-list", One(instance.BlockAllowList), "block-allow-list", task.BlockAllowLists.Keys, TaskFileErrors.NoSuchBlockAllowList);
            Refer("mydumper-config-name", One(instance.MydumperConfigName), "mydumpers", task.Mydumpers.Keys, TaskFileErrors.NoSuchMydumper);
            Refer("loader-config-name", One(instance.LoaderConfigName), "loaders", task.Loaders.Keys, TaskFileErrors.NoSuchLoader);
            Refer("syncer-config-name", One(instance.SyncerConfigName), "syncers", task.Syncers.Keys, TaskFileErrors.NoSuchSyncer);
            Refer("validator-config-name", One(instance.ValidatorConfigName), "validators", task.Validators, TaskFileErrors.NoSuchValidator);

            void Refer(string key, IReadOnlyList<string> names, string section, IEnumerable<string> known, ErrorCode code)
            {
                foreach (var (i, name) in names.Index())
                {
                    if (!known.Contains(name, StringComparer.Ordinal))
                    {
                        var value = map[key]!;
                        throw (value.IsList ? value.AsList()[i] : value).Bad($"there is no '{name}' in '{section}'", known.Any() ? $"use one of: {string.Join(", ", known)}" : $"add it to '{section}'", code);
                    }

                    used.Add((section, name));
                }
            }
        }

        RefuseUnused(top, used);
        foreach (var (name, value) in (top["block-allow-list"] ?? top["black-white-list"])?.AsMap().Entries ?? [])
        {
            if (!used.Contains(("block-allow-list", name)))
                notices.Add($"{value.Position}: '{value.Path}' is used by no instance");
        }
    }

    private static void RefuseUnused(ConfigMap top, HashSet<(string Section, string Name)> used)
    {
        var unused = new List<ConfigValue>();
        foreach (var section in (ReadOnlySpan<string>)["routes", "filters", "mydumpers", "loaders", "syncers", "expression-filter", "validators"])
        {
            foreach (var (name, value) in top[section]?.AsMap().Entries ?? [])
            {
                if (!used.Contains((section, name)))
                    unused.Add(value);
            }
        }

        if (unused.Count == 0)
            return;
        var others = unused.Count == 1 ? "" : $", nor {string.Join(", ", unused.Skip(1).Select(v => $"'{v.Path}' ({v.Position})"))}";
        throw unused[0].Bad($"no instance uses it{others}", "name it in an instance's route-rules, filter-rules, expression-filters or ...-config-name, or take it out", TaskFileErrors.UnusedRules);
    }

    private static string[] One(string name) => name.Length == 0 ? [] : [name];
}
