using Google.Protobuf;

namespace TiFerry.Grpc;

/// <summary>A method of a service and the messages that it takes and gives.</summary>
/// <typeparam name="TRequest">The message that the client sends.</typeparam>
/// <typeparam name="TResponse">The message that the server sends.</typeparam>
/// <param name="service">The service's full name, for example <c>pb.Master</c>.</param>
/// <param name="name">The method's name, for example <c>StartTask</c>.</param>
public sealed class GrpcMethod<TRequest, TResponse>(string service, string name)
    where TRequest : class, IMessage<TRequest>, new()
    where TResponse : class, IMessage<TResponse>, new()
{
    /// <summary>The service's full name.</summary>
    public string Service { get; } = service;

    /// <summary>The method's name.</summary>
    public string Name { get; } = name;

    /// <summary>The path in HTTP: <c>/pb.Master/StartTask</c>.</summary>
    public string Path { get; } = $"/{service}/{name}";

    /// <summary>Reads requests.</summary>
    internal MessageParser<TRequest> Requests { get; } = new(() => new TRequest());

    /// <summary>Reads responses.</summary>
    internal MessageParser<TResponse> Responses { get; } = new(() => new TResponse());

    /// <summary>The path.</summary>
    public override string ToString() => Path;
}
