using TiFerry.Core.Errors;

namespace TiFerry.Core.Config;

/// <summary>Configuration files as texts.</summary>
internal static class ConfigText
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="TiFerryException"><see cref="ConfigErrors.CannotReadFile"/>.</exception>
    public static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new TiFerryException(ConfigErrors.CannotReadFile, ErrorScope.Internal, $"the configuration file '{path}' can't be read", "check the path and its permissions", e);
        }
    }
}
