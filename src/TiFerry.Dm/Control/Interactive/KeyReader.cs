using System.Text;

namespace TiFerry.Dm.Control.Interactive;

/// <summary>Turns the bytes of a terminal in raw mode into keys: UTF-8, control characters as in Emacs, escape sequences of ECMA-48 and xterm.</summary>
/// <param name="input">The terminal.</param>
internal sealed class KeyReader(Stream input)
{
    private const int Escape = 0x1B;
    private const int EndOfInput = -1;

    private readonly byte[] _buffer = new byte[1024];
    private int _at;
    private int _end;

    /// <summary>The next key.</summary>
    public async ValueTask<Key> ReadAsync(CancellationToken stop)
    {
        var first = await NextAsync(stop);
        return first switch
        {
            EndOfInput => new Key(KeyKind.EndOfInput),
            Escape => new Key(await ReadEscapeAsync(stop)),
            < 0x20 or 0x7F => new Key(Control(first)),
            < 0x80 => new Key(KeyKind.Character, new Rune(first)),
            _ => await ReadUtf8Async((byte)first, stop),
        };
    }

    private static KeyKind Control(int code) => code switch
    {
        0x01 => KeyKind.Home,
        0x02 => KeyKind.Left,
        0x03 => KeyKind.Cancel,
        0x04 => KeyKind.DeleteOrEnd,
        0x05 => KeyKind.End,
        0x06 => KeyKind.Right,
        0x08 or 0x7F => KeyKind.Backspace,
        0x09 => KeyKind.Tab,
        0x0A or 0x0D => KeyKind.Enter,
        0x0B => KeyKind.DeleteToEnd,
        0x0C => KeyKind.Redraw,
        0x0E => KeyKind.Later,
        0x10 => KeyKind.Earlier,
        0x12 => KeyKind.Search,
        0x15 => KeyKind.DeleteToStart,
        0x17 => KeyKind.DeleteWord,
        _ => KeyKind.Other,
    };

    private async ValueTask<KeyKind> ReadEscapeAsync(CancellationToken stop)
    {
        var next = await NextAsync(stop);
        if (next is not ('[' or 'O'))
        {
            return next switch
            {
                'b' => KeyKind.WordLeft,
                'f' => KeyKind.WordRight,
                0x7F or 0x08 => KeyKind.DeleteWord,
                EndOfInput => KeyKind.EndOfInput,
                _ => KeyKind.Other,
            };
        }

        var parameters = new StringBuilder();
        while (true)
        {
            next = await NextAsync(stop);
            if (next == EndOfInput)
                return KeyKind.EndOfInput;
            if (next is >= 0x40 and <= 0x7E)
                return Sequence(parameters.ToString(), (char)next);
            parameters.Append((char)next);
        }
    }

    private static KeyKind Sequence(string parameters, char final)
    {
        var withModifier = parameters.Contains(';', StringComparison.Ordinal);
        return final switch
        {
            'A' => KeyKind.Earlier,
            'B' => KeyKind.Later,
            'C' => withModifier ? KeyKind.WordRight : KeyKind.Right,
            'D' => withModifier ? KeyKind.WordLeft : KeyKind.Left,
            'F' => KeyKind.End,
            'H' => KeyKind.Home,
            '~' => parameters switch
            {
                "1" or "7" => KeyKind.Home,
                "3" => KeyKind.Delete,
                "4" or "8" => KeyKind.End,
                _ => KeyKind.Other,
            },
            _ => KeyKind.Other,
        };
    }

    private async ValueTask<Key> ReadUtf8Async(byte first, CancellationToken stop)
    {
        var bytes = new byte[first switch { >= 0xF0 => 4, >= 0xE0 => 3, _ => 2 }];
        bytes[0] = first;
        for (var i = 1; i < bytes.Length; i++)
        {
            var next = await NextAsync(stop);
            if (next == EndOfInput)
                return new Key(KeyKind.EndOfInput);
            bytes[i] = (byte)next;
        }
        Rune.DecodeFromUtf8(bytes, out var rune, out _);
        return new Key(KeyKind.Character, rune);
    }

    private async ValueTask<int> NextAsync(CancellationToken stop)
    {
        if (_at == _end)
        {
            _at = 0;
            _end = await input.ReadAsync(_buffer, stop);
            if (_end == 0)
                return EndOfInput;
        }
        return _buffer[_at++];
    }
}
