namespace TiFerry.Dm.Master.Services;

/// <summary>A request is refused in words that have no code in DM; the text is the answer's message as it is.</summary>
/// <param name="words">The answer's message.</param>
internal sealed class RefusedException(string words) : Exception(words);
