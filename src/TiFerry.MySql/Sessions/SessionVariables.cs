using System.Globalization;
using TiFerry.Core.Errors;

namespace TiFerry.MySql.Sessions;

/// <summary>Session variables that a user asks for, as in <c>session</c> of a task or source file.</summary>
public static class SessionVariables
{
    /// <summary>
    /// Has each session set the variables after the login. What values need to pass unchanged is set afterwards and wins: character set, time zone, sql_mode, isolation, foreign_key_checks, unique_checks, autocommit and time limits.
    /// </summary>
    /// <param name="options">The connection.</param>
    /// <param name="variables">Names and values; numbers are given as numbers, all else as text.</param>
    /// <exception cref="TiFerryException">A name is none.</exception>
    public static MySqlConnectionOptions With(MySqlConnectionOptions options, IReadOnlyDictionary<string, string> variables) =>
        variables.Count == 0 ? options : options with { InitStatements = [.. options.InitStatements, .. variables.Select(v => Statement(v.Key, v.Value))] };

    private static string Statement(string name, string value)
    {
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            throw new TiFerryException(DatabaseErrors.Driver, ErrorScope.NotSet, $"'{name}' is no name of a session variable", "give names as in SHOW VARIABLES, without quotes");
        // Variables that hold numbers refuse text.
        return long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? $"SET SESSION {name} = {number}"
            : $"SET SESSION {name} = '{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";
    }
}
