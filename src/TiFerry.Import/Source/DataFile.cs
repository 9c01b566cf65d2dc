using TiFerry.Schema.Tables;

namespace TiFerry.Import.Source;

/// <summary>A file with rows.</summary>
/// <param name="FullPath">Where it is.</param>
/// <param name="Table">The source's table.</param>
/// <param name="Number">The digits in its name.</param>
/// <param name="Length">Its size in bytes.</param>
internal sealed record DataFile(string FullPath, TableName Table, string Number, long Length)
{
    /// <summary>Its name without folder.</summary>
    public string Name => Path.GetFileName(FullPath);
}
