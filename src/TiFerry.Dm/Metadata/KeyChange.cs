namespace TiFerry.Dm.Metadata;

/// <summary>A key's new value.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">Its value; null where the key is gone.</param>
/// <param name="CreateRevision">The revision at which it was created.</param>
/// <param name="ModRevision">The revision of this change.</param>
public readonly record struct KeyChange(string Key, string? Value, long CreateRevision, long ModRevision);
