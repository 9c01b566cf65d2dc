using System.Buffers;
using System.Text;

namespace TiFerry.MySql;

/// <summary>
/// A growing pooled byte buffer for SQL text. Room for the packet header and the command byte is kept in front, so that a
/// <see cref="MySqlConnection"/> sends it without copying. Not thread-safe.
/// </summary>
public sealed class SqlBuffer : IBufferWriter<byte>, IDisposable
{
    /// <summary>Packet header (4 bytes) and command byte.</summary>
    internal const int Headroom = 5;

    private const int InitialCapacity = 4096;
    private const int MessageLength = 200;

    /// <summary>The bytes that the server's lexer would misread inside quotes.</summary>
    private static readonly SearchValues<byte> StringSpecials = SearchValues.Create(0x00, (byte)'\'', (byte)'\\');

    private byte[] _bytes;
    private int _end = Headroom;

    /// <summary>Creates an empty buffer.</summary>
    /// <param name="capacity">Bytes to make room for at once.</param>
    public SqlBuffer(int capacity = InitialCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        _bytes = ArrayPool<byte>.Shared.Rent(capacity + Headroom);
    }

    /// <summary>Bytes written.</summary>
    public int Length => _end - Headroom;

    /// <summary>The bytes written; valid until the next change.</summary>
    public ReadOnlySpan<byte> WrittenSpan => _bytes.AsSpan(Headroom, Length);

    /// <summary>The bytes written; valid until the next change.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(Headroom, Length);

    /// <summary>The array whose bytes from <see cref="Headroom"/> on are the text.</summary>
    internal byte[] Bytes => _bytes;

    /// <summary>Empties the buffer and keeps its memory.</summary>
    public void Clear() => _end = Headroom;

    /// <summary>Cuts the text back to its first bytes.</summary>
    /// <param name="length">Bytes to keep.</param>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)Length, nameof(length));
        _end = Headroom + length;
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsSpan(_end);
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(_end);
    }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_bytes.Length - _end), nameof(count));
        _end += count;
    }

    /// <summary>Appends bytes as they are.</summary>
    /// <param name="utf8">The bytes.</param>
    public void Append(ReadOnlySpan<byte> utf8)
    {
        Reserve(utf8.Length);
        utf8.CopyTo(_bytes.AsSpan(_end));
        _end += utf8.Length;
    }

    /// <summary>Appends text as UTF-8.</summary>
    /// <param name="text">The text.</param>
    public void Append(string text)
    {
        Reserve(text.Length <= 1024 ? Encoding.UTF8.GetMaxByteCount(text.Length) : Encoding.UTF8.GetByteCount(text));
        _end += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(_end));
    }

    /// <summary>Appends one byte.</summary>
    /// <param name="value">The byte.</param>
    public void Append(byte value)
    {
        Reserve(1);
        _bytes[_end++] = value;
    }

    /// <summary>Appends a number in decimal.</summary>
    /// <param name="value">The number.</param>
    public void Append(long value)
    {
        Reserve(20);
        value.TryFormat(_bytes.AsSpan(_end), out var written);
        _end += written;
    }

    /// <summary>Appends a number in decimal.</summary>
    /// <param name="value">The number.</param>
    public void Append(ulong value)
    {
        Reserve(20);
        value.TryFormat(_bytes.AsSpan(_end), out var written);
        _end += written;
    }

    /// <summary>Appends a name in backticks, backticks inside doubled.</summary>
    /// <param name="name">The name.</param>
    public void AppendIdentifier(string name)
    {
        Append((byte)'`');
        Append(name.Contains('`', StringComparison.Ordinal) ? name.Replace("`", "``", StringComparison.Ordinal) : name);
        Append((byte)'`');
    }

    /// <summary>
    /// Appends bytes as a quoted string literal; <c>\0</c>, <c>'</c> and <c>\</c> are escaped with a backslash.
    /// The session must not have NO_BACKSLASH_ESCAPES, and its character_set_client must be one whose multi-byte characters hold no
    /// <c>\</c> (binary, utf8mb4, latin1, ...; not gbk, big5, sjis, cp932, gb18030).
    /// </summary>
    /// <param name="bytes">The value.</param>
    public void AppendString(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length + 2);
        _bytes[_end++] = (byte)'\'';
        for (int clean; (clean = bytes.IndexOfAny(StringSpecials)) >= 0; bytes = bytes[(clean + 1)..])
        {
            Reserve(bytes.Length + 2);
            bytes[..clean].CopyTo(_bytes.AsSpan(_end));
            _end += clean;
            _bytes[_end++] = (byte)'\\';
            _bytes[_end++] = bytes[clean] == 0 ? (byte)'0' : bytes[clean];
        }

        Append(bytes);
        Append((byte)'\'');
    }

    /// <summary>Appends bytes as a hexadecimal literal <c>0x...</c>; an empty value as <c>''</c>.</summary>
    /// <param name="bytes">The value.</param>
    public void AppendHex(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            Append("''"u8);
            return;
        }

        Reserve(checked(2 + (bytes.Length * 2)));
        "0x"u8.CopyTo(_bytes.AsSpan(_end));
        Convert.TryToHexString(bytes, _bytes.AsSpan(_end + 2), out var written);
        _end += 2 + written;
    }

    /// <summary>The beginning of the text, for messages.</summary>
    public override string ToString() => Length <= MessageLength
        ? Encoding.UTF8.GetString(WrittenSpan)
        : Encoding.UTF8.GetString(WrittenSpan[..MessageLength]) + "...";

    /// <summary>Gives the memory back to the pool.</summary>
    public void Dispose()
    {
        var bytes = Interlocked.Exchange(ref _bytes, []);
        _end = Headroom;
        if (bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(bytes);
    }

    /// <summary>Empties the buffer and overwrites what it held.</summary>
    internal void Wipe()
    {
        _bytes.AsSpan(0, _end).Clear();
        Clear();
    }

    /// <summary>Empties the buffer and gives its memory back if it grew beyond a size.</summary>
    /// <param name="capacity">Bytes that may be kept.</param>
    public void Shrink(int capacity)
    {
        Clear();
        if (_bytes.Length <= capacity + Headroom)
            return;
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = ArrayPool<byte>.Shared.Rent(InitialCapacity);
    }

    private void Reserve(int count)
    {
        if (count > _bytes.Length - _end)
            Grow(count);
    }

    private void Grow(int count)
    {
        ObjectDisposedException.ThrowIf(_bytes.Length == 0, this);
        var needed = (long)_end + count;
        if (needed > Array.MaxLength)
            throw new InvalidOperationException($"a statement of {needed} bytes does not fit into one buffer");
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(needed, 2L * _bytes.Length), Array.MaxLength));
        _bytes.AsSpan(0, _end).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
