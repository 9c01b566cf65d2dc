using TiFerry.Core.Errors;
using TiFerry.Core.Secrets;
using TiFerry.Dm.Pb;
using TiFerry.MySql;

namespace TiFerry.Dm.Worker.Stages;

/// <summary>Errors in the form in which DM reports them.</summary>
internal static class ProcessErrors
{
    // DM's number for errors without one (dm/pkg/terror).
    private static readonly ErrorCode NotSet = new(50000, "not-set", "high");

    /// <summary>An error as status reports it.</summary>
    public static ProcessError Of(Exception error) => error switch
    {
        TiFerryException known => Of(known.Code, known.Scope, known.Summary, Cause(known), known.Workaround),
        MySqlServerException server => Of(DatabaseErrors.Driver, ErrorScope.NotSet, "a database refused a statement", server.Message, null),
        MySqlConnectionLostException lost => Of(DatabaseErrors.BadConnection, ErrorScope.NotSet, lost.Message, lost.InnerException?.Message, null),
        _ => Of(NotSet, ErrorScope.NotSet, error.Message, error.InnerException?.Message, null),
    };

    /// <summary>The name of a scope as DM prints it.</summary>
    public static string NameOf(ErrorScope scope) => scope switch
    {
        ErrorScope.Upstream => "upstream",
        ErrorScope.Downstream => "downstream",
        ErrorScope.Internal => "internal",
        _ => "not-set",
    };

    // An error may wrap others of ours, whose own cause is what the lists of errors that stay look for.
    private static string? Cause(TiFerryException error)
    {
        Exception? cause = error.InnerException;
        while (cause is TiFerryException { InnerException: { } inner })
            cause = inner;
        return cause is TiFerryException last ? last.Summary : cause?.Message;
    }

    private static ProcessError Of(ErrorCode code, ErrorScope scope, string message, string? cause, string? workaround) => new()
    {
        ErrCode = code.Number,
        ErrClass = code.Class,
        ErrScope = NameOf(scope),
        ErrLevel = code.Level,
        Message = SecretText.Mask(message),
        RawCause = SecretText.Mask(cause ?? ""),
        Workaround = workaround ?? "",
    };
}
