namespace TiFerry.Sync.Filter.Expressions;

/// <summary>Memory for texts that are computed while one row is looked at.</summary>
internal sealed class Scratch
{
    private byte[] _buffer = new byte[1024];
    private int _used;

    /// <summary>Room that stays untouched until <see cref="Clear"/>.</summary>
    public Span<byte> Take(int length)
    {
        // What was given out before keeps its own buffer.
        if (length > _buffer.Length - _used)
        {
            _buffer = new byte[Math.Max(length, _buffer.Length * 2)];
            _used = 0;
        }

        var room = _buffer.AsSpan(_used, length);
        _used += length;
        return room;
    }

    /// <summary>All room is free again.</summary>
    public void Clear() => _used = 0;
}
