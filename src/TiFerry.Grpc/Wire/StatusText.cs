using System.Globalization;
using System.Text;

namespace TiFerry.Grpc.Wire;

/// <summary>The headers that tell how a call ended: <c>grpc-status</c> and the percent-encoded <c>grpc-message</c>.</summary>
internal static class StatusText
{
    public const string StatusHeader = "grpc-status";
    public const string MessageHeader = "grpc-message";

    // Servers' and proxies' limits for all headers are a few KiB.
    private const int MaxEncodedLength = 4096;

    /// <summary>Only printable ASCII may stand in a header; everything else, and the percent sign, goes as bytes in hex.</summary>
    public static string Encode(string message)
    {
        var encoded = new StringBuilder(message.Length);
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in message.EnumerateRunes())
        {
            if (encoded.Length > MaxEncodedLength)
                return encoded.Append("...").ToString();
            if (rune.Value is >= 0x20 and <= 0x7e and not '%')
            {
                encoded.Append((char)rune.Value);
                continue;
            }

            foreach (var b in bytes[..rune.EncodeToUtf8(bytes)])
                encoded.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }

        return encoded.ToString();
    }

    public static string Decode(string encoded) => Uri.UnescapeDataString(encoded);

    public static string Number(GrpcStatus status) => ((int)status).ToString(CultureInfo.InvariantCulture);

    /// <summary>A number that isn't known counts as unknown, as the specification asks.</summary>
    public static GrpcStatus Parse(string number) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 16 ? (GrpcStatus)value : GrpcStatus.Unknown;

    /// <summary>What an answer without a gRPC status means (gRPC's "HTTP to gRPC Status Code Mapping").</summary>
    public static GrpcStatus OfHttp(int status) => status switch
    {
        400 => GrpcStatus.Internal,
        401 => GrpcStatus.Unauthenticated,
        403 => GrpcStatus.PermissionDenied,
        404 => GrpcStatus.Unimplemented,
        429 or 502 or 503 or 504 => GrpcStatus.Unavailable,
        _ => GrpcStatus.Unknown,
    };
}
