using TiFerry.Dm.Control.CommandLine;

namespace TiFerry.Dm.Control.Interactive;

/// <summary>Completes a typed line: commands, flags, their values, names of the cluster, files.</summary>
/// <param name="root">The commands.</param>
/// <param name="names">Asks the cluster for names.</param>
internal sealed class Completer(Command root, Func<ClusterNames, Task<IReadOnlyList<string>>> names)
{
    /// <summary>What the text before the cursor may become.</summary>
    public async Task<Completion> CompleteAsync(string before)
    {
        var (words, isOpen) = ShellWords.Scan(before);
        var isNewWord = !isOpen && (before.Length == 0 || char.IsWhiteSpace(before[^1]));
        var start = isNewWord ? before.Length : words[^1].Start;
        var current = before[start..];
        var earlier = (isNewWord ? words : words.SkipLast(1)).Select(word => word.Text).ToList();
        var (path, operands, flag) = Read(earlier);

        if (flag is not null)
            return await CompleteValueAsync(start, current, flag);
        if (current.StartsWith('-') && current.IndexOf('=', StringComparison.Ordinal) is var equals and > 0)
            return path.Flags.FirstOrDefault(f => current[..equals] == "--" + f.Name) is { } named ? await CompleteValueAsync(start + equals + 1, current[(equals + 1)..], named) : new Completion(start, []);
        if (current.StartsWith('-'))
            return new Completion(start, Matching(current, path.Flags.Where(f => !f.Hidden).Select(f => "--" + f.Name)));

        var candidates = operands == 0 ? path.Command.Subcommands.Where(command => !command.Hidden).Select(command => command.Name).ToList() : [];
        if (path.Commands.Count == 1 && operands == 0)
            candidates.Add("exit");
        var operand = path.Command.Operands.Count == 0 ? Operand.Any : path.Command.Operands[Math.Min(operands, path.Command.Operands.Count - 1)];
        if (path.Command.Name == "help")
            candidates.AddRange(root.Subcommands.Where(command => !command.Hidden).Select(command => command.Name));
        candidates.AddRange(await CandidatesAsync(operand, current));
        return new Completion(start, Matching(current, candidates));
    }

    // Follows the words as the parser does: the command they name, how many operands it has, and the flag that waits for its value.
    private (CommandPath Path, int Operands, Flag? Flag) Read(List<string> words)
    {
        var path = new CommandPath([root]);
        var operands = 0;
        Flag? waiting = null;
        foreach (var word in words)
        {
            if (waiting is not null)
                waiting = null;
            else if (word.StartsWith('-'))
                waiting = path.Flags.FirstOrDefault(flag => flag.TakesValue && (word == "--" + flag.Name || word == $"-{flag.Short}"));
            else if (operands == 0 && path.Command.Find(word) is { } next)
                path = path with { Commands = [.. path.Commands, next] };
            else
                operands++;
        }
        return (path, operands, waiting);
    }

    private async Task<Completion> CompleteValueAsync(int start, string current, Flag flag)
    {
        var comma = flag.Kind == FlagKind.List ? current.LastIndexOf(',') + 1 : 0;
        return new Completion(start + comma, Matching(current[comma..], await CandidatesAsync(flag.Operand, current)));
    }

    private async Task<IEnumerable<string>> CandidatesAsync(Operand operand, string current)
    {
        var candidates = operand.Words.AsEnumerable();
        if (operand.Names != ClusterNames.None)
            candidates = candidates.Concat(await names(operand.Names));
        return operand.IsFile ? candidates.Concat(Files(current)) : candidates;
    }

    private static IEnumerable<string> Files(string current)
    {
        var slash = current.LastIndexOf('/') + 1;
        var directory = current[..slash];
        try
        {
            var entries = new DirectoryInfo(directory.Length == 0 ? "." : directory).EnumerateFileSystemInfos($"{current[slash..]}*");
            return [.. entries.Where(entry => slash < current.Length || entry.Name[0] != '.').Select(entry => directory + entry.Name + (entry is DirectoryInfo ? "/" : ""))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return [];
        }
    }

    private static List<string> Matching(string current, IEnumerable<string> candidates) =>
        [.. candidates.Where(candidate => candidate.StartsWith(current, StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
