using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;

namespace TiFerry.Programs.Ferry.Arguments;

/// <summary>--version: the program's name and version.</summary>
internal sealed class PrintVersion : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var version = typeof(PrintVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        parseResult.InvocationConfiguration.Output.WriteLine($"tiferry {version}");
        return ExitCode.Done;
    }
}
