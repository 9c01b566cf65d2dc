using System.Buffers;
using System.Net.Http.Headers;
using Google.Protobuf;
using TiFerry.Grpc.Wire;

namespace TiFerry.Grpc.Client;

/// <summary>The request of a call with one message.</summary>
internal static class MessageContent
{
    public static HttpContent Of<T>(T message)
        where T : IMessage<T>
    {
        var content = new ReadOnlyMemoryContent(Frame(message));
        content.Headers.ContentType = new MediaTypeHeaderValue(MessageFrames.ContentType);
        return content;
    }

    public static ReadOnlyMemory<byte> Frame<T>(T message)
        where T : IMessage<T>
    {
        var frame = new ArrayBufferWriter<byte>(MessageFrames.HeaderLength + message.CalculateSize());
        MessageFrames.Write(frame, message);
        return frame.WrittenMemory;
    }
}
