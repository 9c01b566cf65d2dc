using TiFerry.Core.Logging;
using TiFerry.Migration;
using TiFerry.MySql;

var options = new MigrationOptions
{
    Source = MySqlConnectionOptions.FromUrl(args[0]),
    Target = MySqlConnectionOptions.FromUrl(args[1]),
    Mode = Enum.Parse<MigrationMode>(args[2], ignoreCase: true),
    StopWhenCaughtUp = true,
    Threads = args.Length > 3 ? int.Parse(args[3]) : 4,
};
var started = System.Diagnostics.Stopwatch.StartNew();
var done = await new MigrationTask(options, Log.ToStandardError()).RunAsync(CancellationToken.None);
Console.WriteLine($"{(done ? "done" : "stopped")} in {started.Elapsed}");
return 0;
