using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace TiFerry.Binlog.Compression;

/// <summary>Expands a zstd stream piece by piece with the system's libzstd (RFC 8878).</summary>
internal sealed unsafe partial class ZstdDecompressor : IDisposable
{
    private const string Library = "libzstd.so.1";
    private StreamHandle? _stream;
    private ReadOnlyMemory<byte> _source;
    private int _position;

    /// <summary>Starts with a new input, which must stay unchanged while it is read.</summary>
    public void Open(ReadOnlyMemory<byte> compressed)
    {
        _stream ??= Create();
        Check(ZSTD_initDStream(_stream));
        _source = compressed;
        _position = 0;
    }

    /// <summary>Fills the destination as far as the input goes and returns the bytes written.</summary>
    public int Read(Span<byte> destination)
    {
        var written = 0;
        fixed (byte* source = _source.Span)
        fixed (byte* target = destination)
        {
            var input = new Buffer { Data = source, Size = (nuint)_source.Length, Position = (nuint)_position };
            var output = new Buffer { Data = target, Size = (nuint)destination.Length };
            while (written < destination.Length)
            {
                var before = input.Position;
                Check(ZSTD_decompressStream(_stream!, ref output, ref input));
                var isStuck = (int)output.Position == written && input.Position == before;
                written = (int)output.Position;
                if (isStuck)
                    break;
            }

            _position = (int)input.Position;
        }

        return written;
    }

    public void Dispose() => _stream?.Dispose();

    private static StreamHandle Create()
    {
        try
        {
            return ZSTD_createDStream();
        }
        catch (DllNotFoundException e)
        {
            throw new Core.Errors.TiFerryException(BinlogErrors.Unsupported, Core.Errors.ErrorScope.Internal,
                $"the source compresses transactions, and {Library} is missing on this machine",
                "install the package libzstd1, or set binlog_transaction_compression=OFF on the source", e);
        }
    }

    private static void Check(nuint result)
    {
        if (ZSTD_isError(result) != 0)
            throw BinlogErrors.CorruptAt($"a compressed transaction cannot be expanded: {Marshal.PtrToStringAnsi(ZSTD_getErrorName(result))}");
    }

    private sealed class StreamHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
    {
        protected override bool ReleaseHandle() => ZSTD_isError(ZSTD_freeDStream(handle)) == 0;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Buffer
    {
        public byte* Data;
        public nuint Size;
        public nuint Position;
    }

    [LibraryImport(Library)]
    private static partial StreamHandle ZSTD_createDStream();

    [LibraryImport(Library)]
    private static partial nuint ZSTD_freeDStream(nint stream);

    [LibraryImport(Library)]
    private static partial nuint ZSTD_initDStream(StreamHandle stream);

    [LibraryImport(Library)]
    private static partial nuint ZSTD_decompressStream(StreamHandle stream, ref Buffer output, ref Buffer input);

    [LibraryImport(Library)]
    private static partial uint ZSTD_isError(nuint code);

    [LibraryImport(Library)]
    private static partial nint ZSTD_getErrorName(nuint code);
}
