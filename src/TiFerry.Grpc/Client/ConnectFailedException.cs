namespace TiFerry.Grpc.Client;

/// <summary>No connection could be made, so nothing of a call has reached the server.</summary>
internal sealed class ConnectFailedException(string message, Exception cause) : IOException(message, cause);
