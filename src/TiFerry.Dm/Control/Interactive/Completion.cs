namespace TiFerry.Dm.Control.Interactive;

/// <summary>How a text may go on.</summary>
/// <param name="Start">Where the part to be completed begins.</param>
/// <param name="Candidates">What it may become, in order.</param>
internal sealed record Completion(int Start, IReadOnlyList<string> Candidates)
{
    /// <summary>Whether a single candidate goes on itself: a directory, a flag with its value.</summary>
    public bool IsOpen => Candidates is [[.., '/' or '=']];

    /// <summary>What all candidates begin with.</summary>
    public string CommonStart
    {
        get
        {
            if (Candidates.Count == 0)
                return "";
            var common = Candidates[0].Length;
            foreach (var candidate in Candidates)
                common = Math.Min(common, Candidates[0].AsSpan().CommonPrefixLength(candidate));
            return Candidates[0][..common];
        }
    }
}
