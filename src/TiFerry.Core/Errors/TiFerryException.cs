using System.Globalization;

namespace TiFerry.Core.Errors;

/// <summary>
/// An error that a user can act on. Its text has DM's shape:
/// <c>[code=10001:class=database:scope=downstream:level=high], Message: ..., RawCause: ..., Workaround: ...</c>.
/// Messages never hold passwords or row values.
/// </summary>
public sealed class TiFerryException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="code">What it is.</param>
    /// <param name="scope">Which side it happened on.</param>
    /// <param name="message">What happened, naming object and position; a sentence part without a final stop.</param>
    /// <param name="workaround">What the user can do about it; null where nothing is known.</param>
    /// <param name="cause">The underlying error; null where there is none.</param>
    public TiFerryException(ErrorCode code, ErrorScope scope, string message, string? workaround = null, Exception? cause = null)
        : base(Render(code, scope, message, workaround, cause), cause)
    {
        Code = code;
        Scope = scope;
        Summary = message;
        Workaround = workaround;
    }

    /// <summary>What it is.</summary>
    public ErrorCode Code { get; }

    /// <summary>Which side it happened on.</summary>
    public ErrorScope Scope { get; }

    /// <summary>What happened, without code, cause and workaround.</summary>
    public string Summary { get; }

    /// <summary>What the user can do about it; null where nothing is known.</summary>
    public string? Workaround { get; }

    private static string Render(ErrorCode code, ErrorScope scope, string message, string? workaround, Exception? cause)
    {
        var scopeName = scope switch
        {
            ErrorScope.Upstream => "upstream",
            ErrorScope.Downstream => "downstream",
            ErrorScope.Internal => "internal",
            _ => "not-set",
        };
        var text = string.Create(CultureInfo.InvariantCulture, $"[code={code.Number}:class={code.Class}:scope={scopeName}:level={code.Level}], Message: {message}");
        if (cause is not null)
            text += $", RawCause: {(cause is TiFerryException inner ? inner.Summary : cause.Message)}";
        if (workaround is not null)
            text += $", Workaround: {workaround}";
        return text;
    }
}
