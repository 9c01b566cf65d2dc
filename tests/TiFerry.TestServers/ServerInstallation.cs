using System.Globalization;

namespace TiFerry.TestServers;

/// <summary>Where one kind of server lives on this machine and how its program is called. <c>scripts/install-servers.sh</c> puts the servers there.</summary>
internal sealed class ServerInstallation
{
    private ServerInstallation(ServerKind kind, string program, IReadOnlyList<string> command)
    {
        Kind = kind;
        Program = program;
        Command = command;
    }

    public ServerKind Kind { get; }

    /// <summary>The server's executable file.</summary>
    public string Program { get; }

    /// <summary>The program and the arguments that are the same for initialising and for running.</summary>
    public IReadOnlyList<string> Command { get; }

    public bool IsPresent => File.Exists(Program);

    /// <summary>Changes when the server's program changes.</summary>
    public string Version
    {
        get
        {
            var file = new FileInfo(Program);
            return string.Create(CultureInfo.InvariantCulture, $"{file.Length:x}-{file.LastWriteTimeUtc.Ticks:x}");
        }
    }

    /// <summary>The folder of the servers that do not come from the distribution.</summary>
    public static string ToolsFolder =>
        Environment.GetEnvironmentVariable("TIFERRY_TOOLS") is { Length: > 0 } folder
            ? folder
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "tiferry", "tools");

    public static ServerInstallation Of(ServerKind kind) => kind switch
    {
        ServerKind.MariaDb => MariaDb(),
        ServerKind.MySql56 => MySql56(Path.Combine(ToolsFolder, "mysql-5.6")),
        ServerKind.MySql97 => MySql97(Path.Combine(ToolsFolder, "mysql-9.7")),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such server."),
    };

    /// <summary>Arguments that make the program create a data directory, and the SQL for its standard input.</summary>
    public (IReadOnlyList<string> Arguments, string Input) Initialisation(string scratchFolder)
    {
        switch (Kind)
        {
            case ServerKind.MySql97:
                var initFile = Path.Combine(scratchFolder, "init.sql");
                File.WriteAllText(initFile, "CREATE USER root@'%' IDENTIFIED BY '';\nGRANT ALL ON *.* TO root@'%' WITH GRANT OPTION;\n");
                return (["--initialize-insecure", $"--init-file={initFile}"], "");
            case ServerKind.MySql56:
                return (["--bootstrap"], SystemTables(Path.Combine(Path.GetDirectoryName(Program)!, "share"), ["mysql_system_tables.sql", "mysql_system_tables_data.sql"])
                    + "DELETE FROM user WHERE User <> 'root' OR Host <> 'localhost';\nUPDATE user SET Host = '%';\n");
            default:
                return (["--bootstrap"], SystemTables("/usr/share/mysql", ["mysql_system_tables.sql", "mysql_performance_tables.sql", "mysql_system_tables_data.sql", "mysql_sys_schema.sql"])
                    + "USE mysql;\nDELETE FROM global_priv WHERE User <> 'root' OR Host <> 'localhost';\nUPDATE global_priv SET Host = '%';\n");
        }
    }

    private static ServerInstallation MariaDb() => new(ServerKind.MariaDb, "/usr/sbin/mariadbd", ["/usr/sbin/mariadbd", "--no-defaults"]);

    private static ServerInstallation MySql56(string folder)
    {
        var program = Path.Combine(folder, "mysqld");
        return new(ServerKind.MySql56, program,
        [
            program, "--no-defaults", $"--basedir={folder}", $"--lc-messages-dir={folder}/share", $"--character-sets-dir={folder}/share/charsets", "--explicit-defaults-for-timestamp",
        ]);
    }

    /// <summary>Built for a newer libc than the machine's, so it runs under the loader of its own folder.</summary>
    private static ServerInstallation MySql97(string folder)
    {
        var program = Path.Combine(folder, "usr/sbin/mysqld");
        var libraries = Path.Combine(folder, "usr/lib/x86_64-linux-gnu");
        return new(ServerKind.MySql97, program,
        [
            Path.Combine(libraries, "ld-linux-x86-64.so.2"), "--library-path", libraries, program, "--no-defaults", $"--basedir={folder}/usr", $"--lc-messages-dir={folder}/usr/share/mysql",
            $"--character-sets-dir={folder}/usr/share/mysql/charsets", $"--plugin-dir={folder}/usr/lib/mysql/plugin", "--secure-file-priv=", "--mysqlx=0",
        ]);
    }

    private static string SystemTables(string folder, IReadOnlyList<string> scripts) =>
        "CREATE DATABASE IF NOT EXISTS mysql;\nUSE mysql;\nSET @auth_root_socket = NULL;\n" + string.Concat(scripts.Select(script => File.ReadAllText(Path.Combine(folder, script)) + "\n"));
}
