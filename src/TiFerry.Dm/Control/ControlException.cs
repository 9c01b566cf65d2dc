using TiFerry.Dm.Control.CommandLine;

namespace TiFerry.Dm.Control;

/// <summary>A command can't be carried out; dmctl prints the message behind <c>Error: </c> and ends with 1.</summary>
internal class ControlException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>There is no such command.</summary>
internal sealed class UnknownCommandException(Command root, string name) : ControlException(Explain(root, name))
{
    private const int MostEdits = 2;

    private static string Explain(Command root, string name)
    {
        var near = root.Subcommands.Where(command => !command.Hidden).Select(command => command.Name)
            .Where(command => command.StartsWith(name, StringComparison.OrdinalIgnoreCase) || EditDistance.Between(name, command) <= MostEdits).ToList();
        var text = $"unknown command \"{name}\" for \"{root.Name}\"";
        return near.Count == 0 ? text : $"{text}\n\nDid you mean this?\n{string.Concat(near.Select(command => $"\t{command}\n"))}";
    }
}
