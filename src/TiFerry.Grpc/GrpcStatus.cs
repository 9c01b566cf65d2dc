namespace TiFerry.Grpc;

/// <summary>How a call ended: gRPC's status codes, with their numbers on the wire.</summary>
public enum GrpcStatus
{
    /// <summary>It succeeded.</summary>
    Ok = 0,

    /// <summary>The caller gave it up.</summary>
    Cancelled = 1,

    /// <summary>It failed in a way that has no code of its own; the detail says how.</summary>
    Unknown = 2,

    /// <summary>The request makes no sense.</summary>
    InvalidArgument = 3,

    /// <summary>No answer came in time; it may have been carried out.</summary>
    DeadlineExceeded = 4,

    /// <summary>What was asked for doesn't exist.</summary>
    NotFound = 5,

    /// <summary>What was to be created exists.</summary>
    AlreadyExists = 6,

    /// <summary>The caller may not do it.</summary>
    PermissionDenied = 7,

    /// <summary>A limit is reached, the size of a message for example.</summary>
    ResourceExhausted = 8,

    /// <summary>The state of things forbids it.</summary>
    FailedPrecondition = 9,

    /// <summary>Another call got in the way.</summary>
    Aborted = 10,

    /// <summary>Beyond what there is.</summary>
    OutOfRange = 11,

    /// <summary>The server doesn't know the method, or not this form of it.</summary>
    Unimplemented = 12,

    /// <summary>One side broke the protocol.</summary>
    Internal = 13,

    /// <summary>The server can't be reached or doesn't serve now; trying again may help.</summary>
    Unavailable = 14,

    /// <summary>Data is lost or damaged.</summary>
    DataLoss = 15,

    /// <summary>The server doesn't know who is calling.</summary>
    Unauthenticated = 16,
}
