namespace TiFerry.TestServers;

/// <summary>The real servers that tests run against.</summary>
public enum ServerKind
{
    /// <summary>The distribution's MariaDB; every machine that runs the tests has it.</summary>
    MariaDb,

    /// <summary>MySQL 5.6: no end-of-data packet without EOF, mysql_native_password, old temporal columns possible.</summary>
    MySql56,

    /// <summary>MySQL 9.7: caching_sha2_password, TLS by default, VECTOR, tagged GTIDs.</summary>
    MySql97,
}
