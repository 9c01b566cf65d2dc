using System.Text;

namespace TiFerry.Dm.Metadata;

/// <summary>A family of keys in etcd: a path, and behind it a fixed number of names in hexadecimal, so that a name may hold any character (DM, dm/common/common.go).</summary>
/// <param name="Path">What all its keys begin with, with the slash at the end.</param>
/// <param name="Names">How many names a key has.</param>
public sealed record KeyFamily(string Path, int Names)
{
    /// <summary>The key for some names; with fewer names than the family has, what all keys with these names begin with.</summary>
    public string Key(params ReadOnlySpan<string> names)
    {
        var key = new StringBuilder(Path);
        for (var i = 0; i < names.Length; i++)
        {
            if (i > 0)
                key.Append('/');
            key.Append(Convert.ToHexStringLower(Encoding.UTF8.GetBytes(names[i])));
        }
        if (names.Length > 0 && names.Length < Names)
            key.Append('/');
        return key.ToString();
    }

    /// <summary>Whether a key is of this family, and the names in it.</summary>
    /// <param name="key">Any key.</param>
    /// <param name="names">The names; empty where it is none of this family.</param>
    public bool TryRead(string key, out string[] names)
    {
        names = [];
        if (!key.StartsWith(Path, StringComparison.Ordinal))
            return false;
        var parts = key[Path.Length..].TrimEnd('/').Split('/');
        if (parts.Length != Names)
            return false;
        try
        {
            names = Array.ConvertAll(parts, part => Encoding.UTF8.GetString(Convert.FromHexString(part)));
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
