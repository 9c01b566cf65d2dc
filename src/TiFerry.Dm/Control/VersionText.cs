using System.Reflection;
using System.Runtime.InteropServices;

namespace TiFerry.Dm.Control;

/// <summary>What <c>-V</c> prints.</summary>
internal static class VersionText
{
    /// <summary>The version of this build and of what it runs on; the first line begins as DM's does.</summary>
    public static string Value { get; } =
        $"Release Version: {typeof(VersionText).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion}\n{RuntimeInformation.FrameworkDescription}";
}
