namespace TiFerry.Dm.Metadata.Etcd;

/// <summary>What one etcd server says of itself.</summary>
/// <param name="MemberId">Its member id.</param>
/// <param name="LeaderId">The member id of its leader; 0 while it has none.</param>
/// <param name="Version">The program's version.</param>
/// <param name="DatabaseSize">The size of its file in bytes.</param>
/// <param name="Revision">The store's revision, as far as this server knows.</param>
/// <param name="Errors">Alarms and the lack of a leader.</param>
public sealed record EtcdServerStatus(ulong MemberId, ulong LeaderId, string Version, long DatabaseSize, long Revision, IReadOnlyList<string> Errors);
