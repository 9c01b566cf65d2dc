using TiFerry.MySql;

namespace TiFerry.Migration.Checks;

/// <summary>What an account may do, read from SHOW GRANTS (MySQL manual and MariaDB knowledge base, "SHOW GRANTS"), active roles included.</summary>
public sealed class Grants
{
    private const string All = "ALL PRIVILEGES";
    private readonly List<Grant> _grants = [];
    private readonly List<Grant> _revokes = [];

    private sealed record Grant(HashSet<string> Privileges, string SchemaPattern, string? Table);

    private Grants()
    {
    }

    /// <summary>Reads the grants of the session's account.</summary>
    public static async ValueTask<Grants> ReadAsync(MySqlConnection connection, CancellationToken ct)
    {
        var grants = new Grants();
        foreach (var line in await connection.QueryRowsAsync(await StatementAsync(connection, ct), ct))
            grants.Add(line[0]!);
        return grants;
    }

    /// <summary>Reads lines as SHOW GRANTS prints them.</summary>
    public static Grants Parse(params IEnumerable<string> lines)
    {
        var grants = new Grants();
        foreach (var line in lines)
            grants.Add(line);
        return grants;
    }

    /// <summary>Whether one of the privileges is held for the whole server.</summary>
    public bool HasGlobal(params IEnumerable<string> anyOf) => anyOf.Any(p => _grants.Exists(g => g.SchemaPattern == "*" && Holds(g, p)));

    /// <summary>Whether a privilege is held for a whole database.</summary>
    public bool HasSchema(string privilege, string schema) =>
        (HasGlobal(privilege) && !_revokes.Exists(r => Holds(r, privilege) && r.SchemaPattern == schema))
        || _grants.Exists(g => g.Table is null && g.SchemaPattern != "*" && Holds(g, privilege) && IsLike(schema, g.SchemaPattern));

    /// <summary>Whether a privilege is held for a table.</summary>
    public bool HasTable(string privilege, string schema, string table) =>
        HasSchema(privilege, schema) || _grants.Exists(g => g.SchemaPattern == schema && g.Table == table && Holds(g, privilege));

    private static bool Holds(Grant grant, string privilege) => grant.Privileges.Contains(privilege) || grant.Privileges.Contains(All);

    private static async ValueTask<string> StatementAsync(MySqlConnection connection, CancellationToken ct)
    {
        const string own = "SHOW GRANTS FOR CURRENT_USER()";
        switch (connection.Server.Flavour)
        {
            case ServerFlavour.MariaDb:
                // Without FOR it lists what the current role holds too.
                return "SHOW GRANTS";
            case ServerFlavour.MySql when !connection.Server.IsAtLeast(8, 0):
                return own;
            default:
                var roles = await connection.QueryScalarAsync("SELECT CURRENT_ROLE()", ct);
                return roles is null or "" or "NONE" ? own : $"{own} USING {roles}";
        }
    }

    private void Add(string line)
    {
        var isRevoke = line.StartsWith("REVOKE ", StringComparison.Ordinal);
        var privileges = line.AsSpan(isRevoke ? 7 : 6);
        var on = privileges.IndexOf(" ON ", StringComparison.Ordinal);
        // The grant of a role begins with the role's quoted name and has no ON.
        if (on < 0 || privileges[0] is '`' or '\'' or '"')
            return;
        if (ReadObject(privileges[(on + 4)..]) is not { } name)
            return;
        var grant = new Grant(ReadPrivileges(privileges[..on].ToString()), name.Schema, name.Table);
        (isRevoke ? _revokes : _grants).Add(grant);
    }

    // A privilege on some columns only, such as "SELECT (a, b)", does not count.
    private static HashSet<string> ReadPrivileges(string text)
    {
        var privileges = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var depth = 0;
        var start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] == '(')
                depth++;
            else if (i < text.Length && text[i] == ')')
                depth--;
            else if (depth == 0 && (i == text.Length || text[i] == ','))
            {
                var privilege = text[start..i].Trim();
                start = i + 1;
                if (!privilege.EndsWith(')'))
                    privileges.Add(privilege);
            }
        }
        return privileges;
    }

    // *.*, `db`.*, `db`.`table`; null for routines, proxies and the like.
    private static (string Schema, string? Table)? ReadObject(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("*.*"))
            return ("*", null);
        if (!TryReadName(ref text, out var schema) || text.IsEmpty || text[0] != '.')
            return null;
        text = text[1..];
        if (!text.IsEmpty && text[0] == '*')
            return (schema, null);
        return TryReadName(ref text, out var table) ? (schema, table) : null;
    }

    private static bool TryReadName(ref ReadOnlySpan<char> text, out string name)
    {
        name = "";
        if (text.IsEmpty || text[0] != '`')
            return false;
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] != '`')
                continue;
            if (i + 1 < text.Length && text[i + 1] == '`')
            {
                i++;
                continue;
            }
            name = text[1..i].ToString().Replace("``", "`", StringComparison.Ordinal);
            text = text[(i + 1)..];
            return true;
        }
        return false;
    }

    // The database of a grant is a pattern as for LIKE.
    private static bool IsLike(ReadOnlySpan<char> text, ReadOnlySpan<char> pattern)
    {
        if (pattern.IsEmpty)
            return text.IsEmpty;
        if (pattern[0] == '%')
        {
            for (var i = 0; i <= text.Length; i++)
            {
                if (IsLike(text[i..], pattern[1..]))
                    return true;
            }
            return false;
        }
        if (text.IsEmpty)
            return false;
        if (pattern[0] == '\\' && pattern.Length > 1)
            return text[0] == pattern[1] && IsLike(text[1..], pattern[2..]);
        return (pattern[0] == '_' || pattern[0] == text[0]) && IsLike(text[1..], pattern[1..]);
    }
}
