using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace TiFerry.Programs.Ferry.Arguments;

/// <summary>--help, with what people type most.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    private const string Migrate = """
        Examples:
          Carry all databases and keep the target in step until Ctrl-C:
            export TIFERRY_FROM_PASSWORD=... TIFERRY_TO_PASSWORD=...
            tiferry migrate --from mysql://ferry@db1:3306 --to mysql://ferry@db2:3306
          Two databases without their log tables, ending once the target has caught up and proved equal:
            tiferry migrate --from mysql://ferry@db1 --to mysql://ferry@db2 --filter 'shop.*' --filter 'crm.*' --filter '!*.log_*' --stop-when caught-up --verify
          With the routes and filters of a rules file; see docs/rules.md for what can stand in it:
            tiferry migrate --from mysql://ferry@db1 --to mysql://ferry@db2 --rules rules.yaml
          Follow from the position of a dump that is loaded already:
            tiferry migrate --from mysql://ferry@db1 --to mysql://ferry@db2 --mode incremental --start-position binlog.000042:1337

        The same command goes on where an earlier run ended, however it ended.
        Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.

        """;

    private const string Check = """
        Examples:
          tiferry check --from mysql://ferry@db1:3306 --to mysql://ferry@db2:3306 --from-password-file from.pw --to-password-file to.pw
          tiferry check --from mysql://ferry@db1 --to mysql://ferry@db2 --rules rules.yaml

        It takes the options of migrate and changes nothing. Exit codes: 0 nothing stands in the way, 1 something does, 2 wrong usage.

        """;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var code = help.Invoke(parseResult);
        var examples = parseResult.CommandResult.Command.Name switch
        {
            "migrate" => Migrate,
            "check" => Check,
            _ => null,
        };
        if (examples is not null)
            parseResult.InvocationConfiguration.Output.Write(examples);
        return code;
    }
}
