using System.Text;

namespace TiFerry.Binlog.Events;

/// <summary>Decodes a name that is mostly the same as last time without allocating then.</summary>
internal struct CachedText
{
    private byte[]? _bytes;
    private string? _text;

    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
            return "";
        if (_text is not null && utf8.SequenceEqual(_bytes))
            return _text;
        _bytes = utf8.ToArray();
        return _text = Encoding.UTF8.GetString(utf8);
    }
}
