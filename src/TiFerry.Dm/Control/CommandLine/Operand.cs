namespace TiFerry.Dm.Control.CommandLine;

/// <summary>What stands at a place of a command line; it decides how the place is completed.</summary>
/// <param name="IsFile">A path.</param>
/// <param name="Names">Names of the cluster.</param>
/// <param name="Words">Fixed words.</param>
internal sealed record Operand(bool IsFile, ClusterNames Names, IReadOnlyList<string> Words)
{
    public static readonly Operand Any = new(false, ClusterNames.None, []);
    public static readonly Operand File = new(true, ClusterNames.None, []);
    public static readonly Operand Task = new(false, ClusterNames.Tasks, []);
    public static readonly Operand TaskOrFile = new(true, ClusterNames.Tasks, []);
    public static readonly Operand Source = new(false, ClusterNames.Sources, []);
    public static readonly Operand SourceOrFile = new(true, ClusterNames.Sources, []);
    public static readonly Operand Worker = new(false, ClusterNames.Workers, []);
    public static readonly Operand Member = new(false, ClusterNames.Masters | ClusterNames.Workers, []);
    public static readonly Operand Master = new(false, ClusterNames.Masters, []);

    /// <summary>One of some words.</summary>
    public static Operand OneOf(params string[] words) => new(false, ClusterNames.None, words);
}

/// <summary>Kinds of names that the cluster knows.</summary>
[Flags]
internal enum ClusterNames
{
    None = 0,
    Tasks = 1,
    Sources = 2,
    Workers = 4,
    Masters = 8,
}
