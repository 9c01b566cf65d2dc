using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Migration;
using TiFerry.MySql;

// One subtask in a process of its own, so that a test can stop and continue it as a whole: SOURCE-PORT TARGET-PORT TARGET-USER DATABASE TASK META-SCHEMA TOKEN.
var options = new MigrationOptions
{
    Source = Local(args[0], "root"),
    Target = Local(args[1], args[2]),
    Filter = [$"{args[3]}.*"],
    TaskName = args[4],
    CheckpointId = "replica-1",
    MetaSchema = args[5],
    FencingToken = ulong.Parse(args[6]),
    ChunkRows = 500,
};
try
{
    await new MigrationTask(options, Log.None).RunAsync(CancellationToken.None);
    return 0;
}
catch (TiFerryException error)
{
    Console.WriteLine(error.Message);
    return error.Code == SyncErrors.Superseded ? 3 : 1;
}

static MySqlConnectionOptions Local(string port, string user) => new() { Host = "127.0.0.1", Port = int.Parse(port), User = user, Tls = TlsMode.Disabled };
