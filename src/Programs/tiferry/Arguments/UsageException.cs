namespace TiFerry.Programs.Ferry.Arguments;

/// <summary>The command line can't be used; one line that names the option, its value and what was expected.</summary>
internal sealed class UsageException(string message) : Exception(message);
