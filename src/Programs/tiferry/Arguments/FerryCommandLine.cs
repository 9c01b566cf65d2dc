using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using TiFerry.Core.Secrets;
using TiFerry.Programs.Ferry.Commands;

namespace TiFerry.Programs.Ferry.Arguments;

/// <summary>The whole command line: parses, runs the command, says in one line what is wrong.</summary>
internal static class FerryCommandLine
{
    // "@file" belongs to --filter here, and is no file with more arguments.
    private static readonly ParserConfiguration Parser = new() { ResponseFileTokenReplacer = null };

    private static readonly InvocationConfiguration Invocation = new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };

    /// <summary>Runs what the arguments ask for.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Carries one live MySQL-compatible database into another, and keeps it in step.");
        root.Subcommands.Add(MigrateCommand.Create(args));
        root.Subcommands.Add(CheckCommand.Create());
        root.Options.Remove(root.Options.OfType<VersionOption>().First());
        root.Options.Add(new VersionOption("--version", "-V") { Action = new PrintVersion() });
        var help = root.Options.OfType<HelpOption>().First();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);

        var result = root.Parse(args.Length == 0 ? ["--help"] : args, Parser);
        if (result.Action is not ParseErrorAction)
            return await result.InvokeAsync(Invocation);
        await Console.Error.WriteLineAsync($"tiferry: {SecretText.Mask(Explain(result))}");
        return ExitCode.WrongUsage;
    }

    private static string Explain(ParseResult result)
    {
        var command = result.CommandResult.Command;
        var help = $"see {(command is RootCommand ? "tiferry" : $"tiferry {command.Name}")} --help";
        if (result.UnmatchedTokens.Count > 0)
        {
            var token = result.UnmatchedTokens[0];
            var isOption = token.StartsWith('-');
            var known = isOption ? command.Options.Select(o => o.Name) : command.Subcommands.Select(c => c.Name);
            var name = isOption ? token.Split('=')[0] : token;
            var near = Spelling.Nearest(name, known);
            return $"unknown {(isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "argument")} '{SecretText.MaskUrl(name)}'{(near is null ? "" : $", did you mean {near}?")}; {help}";
        }
        var error = result.Errors[0];
        return error.SymbolResult switch
        {
            OptionResult { Tokens.Count: 0 } option => $"{option.Option.Name} needs a value: {option.Option.Description}",
            OptionResult { Tokens.Count: > 1 } option when option.Option.Arity.MaximumNumberOfValues == 1 => $"{option.Option.Name} is given more than once; {help}",
            CommandResult { Command: RootCommand } => $"a command is missing: {string.Join(" or ", command.Subcommands.Select(c => c.Name))}; {help}",
            _ => error.Message,
        };
    }
}
