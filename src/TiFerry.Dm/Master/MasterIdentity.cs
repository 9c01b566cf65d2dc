namespace TiFerry.Dm.Master;

/// <summary>A master, as others know it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">Where it serves, <c>host:port</c>.</param>
public sealed record MasterIdentity(string Name, string Address);
