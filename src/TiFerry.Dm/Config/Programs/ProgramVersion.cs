using System.Reflection;

namespace TiFerry.Dm.Config.Programs;

/// <summary>The text of <c>-V</c>, with the first two lines where DM's scripts look for them.</summary>
public static class ProgramVersion
{
    /// <summary>The release, as in <c>0.1.0</c>.</summary>
    public static string Release => Informational.Split('+')[0];

    /// <summary>The text.</summary>
    /// <param name="program">The program's name.</param>
    public static string Text(string program) => $"""
        Release Version: v{Release}
        Git Commit Hash: {(Informational.Split('+') is [_, var hash, ..] ? hash : "None")}
        Program: {program} of TiFerry
        Runtime: .NET {Environment.Version}

        """;

    private static string Informational => typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
