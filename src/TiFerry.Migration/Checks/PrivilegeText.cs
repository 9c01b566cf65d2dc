using TiFerry.MySql;
using TiFerry.Schema.Tables;

namespace TiFerry.Migration.Checks;

/// <summary>Writes the statements that give missing privileges.</summary>
public static class PrivilegeText
{
    /// <summary>One GRANT for each object that privileges are missing on.</summary>
    /// <param name="missing">Texts such as <c>SELECT on `db`.*</c>.</param>
    /// <param name="server">The server that will run it.</param>
    /// <param name="account">As <c>CURRENT_USER()</c> prints it.</param>
    public static string Grant(IEnumerable<string> missing, ServerInfo server, string account)
    {
        var at = account.LastIndexOf('@');
        var user = $"{SqlText.Literal(account[..at])}@{SqlText.Literal(account[(at + 1)..])}";
        var statements = from text in missing
                         let parts = text.Split(" on ", 2)
                         group parts[0] == "REPLICATION CLIENT" && server.Flavour == ServerFlavour.MariaDb && server.IsAtLeast(10, 5) ? "BINLOG MONITOR" : parts[0] by parts[1] into byObject
                         select $"GRANT {string.Join(", ", byObject)} ON {byObject.Key} TO {user};";
        return string.Join(' ', statements);
    }
}
