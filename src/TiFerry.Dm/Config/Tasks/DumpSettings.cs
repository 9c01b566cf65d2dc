using TiFerry.Core.Config;
using TiFerry.Core.Errors;
using TiFerry.Core.Filters;
using TiFerry.Core.Logging;
using TiFerry.Dump;
using TiFerry.Dump.Arguments;
using TiFerry.MySql;

namespace TiFerry.Dm.Config.Tasks;

/// <summary>Looks whether settings of an entry of <c>mydumpers</c> can be obeyed.</summary>
internal static class DumpSettings
{
    private static readonly DumpOptions Neutral = new() { Source = new MySqlConnectionOptions(), Directory = "-", Tables = TableFilter.Parse(["*.*"]) };

    /// <summary>Checks <c>chunk-filesize</c>, <c>where</c> and <c>extra-args</c>.</summary>
    /// <param name="map">The entry.</param>
    /// <param name="mode">The task's mode.</param>
    public static void Check(ConfigMap map, TaskMode mode)
    {
        if (map["chunk-filesize"] is { } size && size.AsText().Length > 0)
            CheckSize(size);
        var flags = map["extra-args"] is { } given ? given.Build(() => ExtraArguments.Apply(Neutral, given.AsText(), caseSensitive: false, Log.None)) : Neutral;
        if (mode is not (TaskMode.All or TaskMode.Full))
            return;
        if (map.Text("where").Length > 0)
            throw Partial(map["where"]!, mode);
        if (flags.Where.Length > 0 || flags.Tables != Neutral.Tables)
            throw Partial(map["extra-args"]!, mode);
    }

    private static void CheckSize(ConfigValue value)
    {
        try
        {
            if (ExtraArguments.FileSize(value.AsText()) > 0)
                return;
        }
        catch (TiFerryException e) when (e.Code == ConfigErrors.BadOption)
        {
            // The code is another here.
        }

        throw value.Bad($"'{value.AsText()}' is no size", "write a number of MiB, or one with a unit as in 256M", TaskFileErrors.BadChunkFileSize);
    }

    // Tables are copied in chunks and not through files there, so that copies can go on after a failure.
    private static TiFerryException Partial(ConfigValue value, TaskMode mode) => value.Bad(
        $"a copy in mode {mode.Text()} can't leave rows or tables out this way",
        "choose tables in block-allow-list and events in filters; or export with a task of mode dump, then load and incremental", TaskFileErrors.NotAvailable);
}
