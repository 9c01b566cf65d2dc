namespace TiFerry.Schema.Expressions;

/// <summary>An expression cannot be read or used. Whoever knows where the expression stands turns it into an error for the user.</summary>
public sealed class ExpressionException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="position">The offset, in bytes of the expression's UTF-8 text, at which it cannot be used.</param>
    /// <param name="message">What is wrong; a sentence part without a final stop.</param>
    /// <param name="wayOut">What can be written instead; null where nothing is known.</param>
    public ExpressionException(int position, string message, string? wayOut = null)
        : base(message)
    {
        Position = position;
        WayOut = wayOut;
    }

    /// <summary>The offset, in bytes of the expression's UTF-8 text, at which it cannot be used.</summary>
    public int Position { get; }

    /// <summary>What can be written instead; null where nothing is known.</summary>
    public string? WayOut { get; }
}
