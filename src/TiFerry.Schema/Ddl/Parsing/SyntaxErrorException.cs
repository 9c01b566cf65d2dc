namespace TiFerry.Schema.Ddl.Parsing;

/// <summary>Ends the reading of a statement; never leaves <see cref="DdlParser"/>.</summary>
/// <param name="message">What was expected.</param>
/// <param name="offset">Where, in bytes.</param>
#pragma warning disable CA1064, CA1032 // It is caught a few frames further up and never seen outside.
internal sealed class SyntaxErrorException(string message, int offset) : Exception(message)
#pragma warning restore CA1064, CA1032
{
    public int Offset { get; } = offset;
}
