using Google.Protobuf;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Dm.Master.Http;
using TiFerry.Grpc;
using TiFerry.MySql;

namespace TiFerry.Dm.Master.Services;

/// <summary>
/// The calls of <c>pb.Master</c>, for gRPC and for HTTP. The leader serves them; another master hands them on. A refusal is an answer whose message says why, as in DM.
/// </summary>
/// <param name="seat">Who leads.</param>
/// <param name="metrics">Counts them.</param>
/// <param name="log">Who asked for what.</param>
internal sealed class MasterCalls(LeaderSeat seat, CallMetrics metrics, Log log)
{
    private const string ForwardedHeader = "tiferry-forwarded";

    // Their texts hold passwords.
    private static readonly HashSet<string> Discreet = ["StartTask", "UpdateTask", "CheckTask", "OperateSource", "Encrypt"];

    private readonly Dictionary<string, Func<IMessage, bool, CancellationToken, Task<IMessage>>> _calls = new(StringComparer.Ordinal);

    /// <summary>Adds a call that the leader serves.</summary>
    public void Add<TRequest, TResponse>(GrpcServer server, GrpcMethod<TRequest, TResponse> method, Func<LeaderContext, TRequest, CancellationToken, Task<TResponse>> serve)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        Task<TResponse> Handle(TRequest request, bool forwarded, CancellationToken cancellationToken) => LeadAsync(method, request, serve, forwarded, cancellationToken);
        AddHere(server, method, Handle);
    }

    /// <summary>Adds a call that every master serves itself.</summary>
    public void AddHere<TRequest, TResponse>(GrpcServer server, GrpcMethod<TRequest, TResponse> method, Func<TRequest, CancellationToken, Task<TResponse>> serve)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        AddHere(server, method, (request, _, cancellationToken) => AnswerAsync(method, request, () => serve(request, cancellationToken)));

    /// <summary>Makes a call by its method's name.</summary>
    public Task<IMessage> CallAsync(string method, IMessage request, CancellationToken cancellationToken) => _calls[method](request, false, cancellationToken);

    private void AddHere<TRequest, TResponse>(GrpcServer server, GrpcMethod<TRequest, TResponse> method, Func<TRequest, bool, CancellationToken, Task<TResponse>> handle)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        Task<TResponse> Counted(TRequest request, bool forwarded, CancellationToken cancellationToken) => metrics.CountAsync(method, () => handle(request, forwarded, cancellationToken));
        server.Map(method, (request, context) => Counted(request, context.Metadata(ForwardedHeader) is not null, context.Cancellation));
        _calls.Add(method.Name, async (request, forwarded, cancellationToken) => await Counted((TRequest)request, forwarded, cancellationToken));
    }

    private async Task<TResponse> LeadAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, Func<LeaderContext, TRequest, CancellationToken, Task<TResponse>> serve, bool forwarded, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        var (here, there) = await seat.FindAsync(!forwarded, cancellationToken);
        if (here is null)
            return await there!.CallAsync(method, request, new GrpcCallOptions { Metadata = [new(ForwardedHeader, "1")] }, cancellationToken);
        try
        {
            return await AnswerAsync(method, request, () => serve(here, request, cancellationToken));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && here.Scheduler.Term.Lost.IsCancellationRequested)
        {
            throw new TiFerryException(
                MasterErrors.NoLeader, ErrorScope.Internal, "this master lost its leadership while it served the request, which may have been carried out or not",
                "Please use query-status, list-member or operate-source show to see what came of it, and repeat the request if need be.");
        }
    }

    private async Task<TResponse> AnswerAsync<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, TRequest request, Func<Task<TResponse>> serve)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        log.Info("request", ("request", method.Name), ("payload", Discreet.Contains(method.Name) ? "..." : request.ToString()));
        try
        {
            return await serve();
        }
        catch (Exception e) when (e is TiFerryException or RefusedException or GrpcException or MySqlServerException or MySqlConnectionLostException)
        {
            log.Warn("request refused", ("request", method.Name), ("error", e.Message));
            return Refusal<TResponse>(request, e.Message) ?? throw new GrpcException(GrpcStatus.Unknown, e.Message, e);
        }
    }

    // As in DM, an answer about an operation names it, also where it is refused.
    private static TResponse? Refusal<TResponse>(IMessage request, string message)
        where TResponse : class, IMessage<TResponse>, new()
    {
        var response = new TResponse();
        if (response.Descriptor.FindFieldByName("msg") is not { } field)
            return null;
        field.Accessor.SetValue(response, message);
        if (response.Descriptor.FindFieldByName("op") is { } op)
            op.Accessor.SetValue(response, request.Descriptor.FindFieldByName("op").Accessor.GetValue(request));
        return response;
    }
}
