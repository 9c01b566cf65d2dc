using System.CommandLine.Parsing;
using System.Globalization;

namespace TiFerry.Programs.Ferry.Arguments;

/// <summary>Readers of option values that say what was expected.</summary>
internal static class Values
{
    /// <summary>Reads with <paramref name="read"/>, for which null means that the text is wrong.</summary>
    public static Func<ArgumentResult, T?> Parse<T>(Func<string, T?> read, string expected) => result =>
    {
        var text = result.Tokens[0].Value;
        var value = read(text);
        if (value is null)
            result.AddError($"{OptionName(result)}: '{text}' is not {expected}");
        return value;
    };

    /// <summary>Reads a whole number.</summary>
    public static Func<ArgumentResult, int> Number(int lowest, int highest) => result =>
    {
        var text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= lowest && number <= highest)
            return number;
        result.AddError($"{OptionName(result)}: '{text}' is not a whole number from {lowest} to {highest}");
        return lowest;
    };

    private static string OptionName(ArgumentResult result) => ((OptionResult)result.Parent!).Option.Name;
}
