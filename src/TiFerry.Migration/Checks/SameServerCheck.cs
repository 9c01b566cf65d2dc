using System.Runtime.CompilerServices;
using TiFerry.MySql;

namespace TiFerry.Migration.Checks;

/// <summary>Whether both connections end at one server, which would copy tables onto themselves.</summary>
public static class SameServerCheck
{
    /// <summary>Runs the check.</summary>
    public static async IAsyncEnumerable<CheckResult> RunAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        if (await IdentityAsync(context.Source, ct) == await IdentityAsync(context.Target, ct))
        {
            yield return CheckResult.Error("servers", $"source {context.Source.Options.EndPoint} and target {context.Target.Options.EndPoint} are the same server",
                $"give another server with {context.Wording.Target}");
        }
        else
        {
            yield return CheckResult.Pass("servers", "source and target are two servers");
        }
    }

    private static async ValueTask<string?> IdentityAsync(MySqlConnection connection, CancellationToken ct) =>
        connection.Server.Flavour == ServerFlavour.MySql
            ? await connection.QueryScalarAsync("SELECT @@server_uuid", ct)
            : await connection.QueryScalarAsync("SELECT CONCAT_WS('/', @@hostname, @@port, @@datadir, @@socket)", ct);
}
