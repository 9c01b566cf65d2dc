namespace TiFerry.TestServers.Zoo;

/// <summary>A set of servers.</summary>
[Flags]
public enum Servers
{
    None = 0,
    MariaDb = 1 << ServerKind.MariaDb,
    MySql56 = 1 << ServerKind.MySql56,
    MySql97 = 1 << ServerKind.MySql97,

    /// <summary>Those that know generated and invisible columns and expressions as defaults.</summary>
    Modern = MariaDb | MySql97,
    All = MariaDb | MySql56 | MySql97,
}
