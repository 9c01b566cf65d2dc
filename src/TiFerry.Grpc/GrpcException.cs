namespace TiFerry.Grpc;

/// <summary>A call that didn't succeed. Thrown by clients; a server's handler may throw it to answer with that status.</summary>
public sealed class GrpcException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="status">How the call ended.</param>
    /// <param name="detail">What the other side said, or what happened on the way.</param>
    /// <param name="cause">The underlying error; null where there is none.</param>
    public GrpcException(GrpcStatus status, string detail, Exception? cause = null)
        : base($"rpc error: code = {status} desc = {detail}", cause)
    {
        Status = status;
        Detail = detail;
    }

    /// <summary>How the call ended.</summary>
    public GrpcStatus Status { get; }

    /// <summary>The text without the status.</summary>
    public string Detail { get; }

    /// <summary>Whether nothing of the call has reached a server, so that it can be made again whatever it does.</summary>
    public bool NeverSent => InnerException is not null && Client.Answer.NeverSent(InnerException);
}
