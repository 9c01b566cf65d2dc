using System.Text;
using TiFerry.Core.Config;
using TiFerry.Core.Errors;

namespace TiFerry.Dm.Control.Commands;

/// <summary>Files that users hand to commands.</summary>
internal static class UserFile
{
    /// <summary>The text of a file.</summary>
    /// <exception cref="ControlException">It can't be read.</exception>
    public static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path, Encoding.UTF8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ControlException($"error in get file content: {e.Message}", e);
        }
    }

    /// <summary>A task's name: the operand itself, or the <c>name</c> in the task file that it names.</summary>
    public static string TaskName(string operand)
    {
        if (!operand.EndsWith(".yaml", StringComparison.Ordinal) && !operand.EndsWith(".yml", StringComparison.Ordinal))
            return operand;
        try
        {
            var name = YamlFile.Read(operand).AsMap()["name"]?.AsText();
            return string.IsNullOrEmpty(name) ? operand : name;
        }
        catch (TiFerryException)
        {
            // No file of that name, or no task file: it may be a task's name all the same.
            return operand;
        }
    }
}
