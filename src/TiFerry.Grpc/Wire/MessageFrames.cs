using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Google.Protobuf;

namespace TiFerry.Grpc.Wire;

/// <summary>Messages on the wire: one byte that says whether it is compressed, four with the length, the message (gRPC over HTTP/2, "Length-Prefixed-Message").</summary>
internal static class MessageFrames
{
    public const int HeaderLength = 5;
    public const string ContentType = "application/grpc";

    /// <summary>Also with a suffix such as <c>+proto</c>, or parameters.</summary>
    public static bool IsGrpc(string? contentType) =>
        contentType is not null && contentType.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == ContentType.Length || contentType[ContentType.Length] is '+' or ';');

    public static void Write<T>(IBufferWriter<byte> output, T message)
        where T : IMessage<T>
    {
        var size = message.CalculateSize();
        WriteHeader(output.GetSpan(HeaderLength), size);
        output.Advance(HeaderLength);
        message.WriteTo(output);
    }

    /// <summary>The next message; null when the other side has sent its last one.</summary>
    /// <exception cref="GrpcException">The message is too big, compressed, cut short or no message.</exception>
    public static async ValueTask<T?> ReadAsync<T>(PipeReader input, MessageParser<T> parser, int maxSize, CancellationToken ct)
        where T : class, IMessage<T>
    {
        while (true)
        {
            var read = await input.ReadAsync(ct);
            var buffer = read.Buffer;
            if (TryReadLength(buffer, maxSize, out var length) && buffer.Length >= HeaderLength + length)
            {
                var end = buffer.GetPosition(HeaderLength + length);
                var message = Parse(parser, buffer.Slice(HeaderLength, length));
                input.AdvanceTo(end);
                return message;
            }

            if (read.IsCompleted)
            {
                if (buffer.IsEmpty)
                    return null;
                throw new GrpcException(GrpcStatus.Internal, "the stream ended within a message");
            }

            input.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private static void WriteHeader(Span<byte> header, int size)
    {
        header[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(header[1..], (uint)size);
    }

    private static bool TryReadLength(ReadOnlySequence<byte> buffer, int maxSize, out int length)
    {
        length = 0;
        if (buffer.Length < HeaderLength)
            return false;
        Span<byte> header = stackalloc byte[HeaderLength];
        buffer.Slice(0, HeaderLength).CopyTo(header);
        if (header[0] != 0)
            throw new GrpcException(GrpcStatus.Internal, "a compressed message came, and no compression was agreed on");
        var announced = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        if (announced > maxSize)
            throw new GrpcException(GrpcStatus.ResourceExhausted, $"a message of {announced} bytes came, the limit is {maxSize}");
        length = (int)announced;
        return true;
    }

    private static T Parse<T>(MessageParser<T> parser, ReadOnlySequence<byte> bytes)
        where T : class, IMessage<T>
    {
        try
        {
            return parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new GrpcException(GrpcStatus.Internal, $"the message is no {typeof(T).Name}", e);
        }
    }
}
