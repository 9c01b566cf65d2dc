namespace TiFerry.MySql;

/// <summary>The family a server belongs to.</summary>
public enum ServerFlavour
{
    /// <summary>MySQL, Percona Server and everything that says nothing else.</summary>
    MySql,

    /// <summary>MariaDB.</summary>
    MariaDb,

    /// <summary>TiDB.</summary>
    TiDb,
}
