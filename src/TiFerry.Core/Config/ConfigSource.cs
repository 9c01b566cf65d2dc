using TiFerry.Core.Errors;

namespace TiFerry.Core.Config;

/// <summary>Where values come from.</summary>
/// <param name="Name">The file's name, or what else there is to point at.</param>
/// <param name="Code">The code of complaints about its values.</param>
internal sealed record ConfigSource(string Name, ErrorCode Code);
