using System.IO.Pipelines;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using TiFerry.Grpc.Client;
using TiFerry.Grpc.Wire;

namespace TiFerry.Grpc.Server;

/// <summary>A call that another server serves: headers, bytes and trailers go through as they come, in both directions at once.</summary>
internal sealed class ProxiedCall(GrpcChannel upstream) : IServedCall
{
    public bool IsLong => true;

    public async Task<GrpcException?> ServeAsync(HttpContext http, int maxMessageSize, CancellationToken ct)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct);
        try
        {
            using var answer = await upstream.SendAsync(http.Request.Path.Value!, () => new ForwardedContent(http.Request), Metadata(http.Request), ending.Token);
            if (Answer.Early(answer) is { } early)
                return early.Status == GrpcStatus.Ok ? null : early;
            CopyHeaders(answer.Headers, http.Response);
            await CopyBodyAsync(await answer.Content.ReadAsStreamAsync(ending.Token), http.Response.BodyWriter, ending.Token);
            return CopyTrailers(answer, http.Response);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return Answer.Of(e);
        }
        finally
        {
            // The client's half may still be open: its copy ends too.
            await ending.CancelAsync();
        }
    }

    private static GrpcCallOptions Metadata(HttpRequest request) => new()
    {
        Metadata = [.. from header in request.Headers where PassesOn(header.Key) select KeyValuePair.Create(header.Key.ToLowerInvariant(), header.Value.ToString())],
    };

    private static void CopyHeaders(HttpResponseHeaders from, HttpResponse to)
    {
        foreach (var (name, values) in from.NonValidated)
        {
            if (PassesOn(name))
                to.Headers[name] = values.ToString();
        }
    }

    /// <summary>Success is left to the caller, everything else is given back as it is.</summary>
    private static GrpcException? CopyTrailers(HttpResponseMessage from, HttpResponse to)
    {
        foreach (var (name, values) in from.TrailingHeaders.NonValidated)
        {
            if (name is not (StatusText.StatusHeader or StatusText.MessageHeader))
                to.AppendTrailer(name, values.ToString());
        }

        var end = Answer.Final(from);
        return end.Status == GrpcStatus.Ok ? null : end;
    }

    private static async Task CopyBodyAsync(Stream from, PipeWriter to, CancellationToken ct)
    {
        await to.FlushAsync(ct);
        while (await from.ReadAsync(to.GetMemory(), ct) is var length and > 0)
        {
            to.Advance(length);
            if ((await to.FlushAsync(ct)).IsCompleted)
                return;
        }
    }

    // What belongs to a connection, and what the channel writes itself, ends here.
    private static bool PassesOn(string name) =>
        name[0] != ':' && name.ToLowerInvariant() is not ("host" or "te" or "connection" or "content-type" or "content-length" or "date" or "server" or "transfer-encoding" or "grpc-accept-encoding");

    private sealed class ForwardedContent : HttpContent
    {
        private readonly HttpRequest _request;

        public ForwardedContent(HttpRequest request)
        {
            _request = request;
            Headers.TryAddWithoutValidation("content-type", request.ContentType);
        }

        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.FlushAsync(cancellationToken);
            var from = _request.BodyReader;
            while (true)
            {
                var read = await from.ReadAsync(cancellationToken);
                foreach (var piece in read.Buffer)
                    await stream.WriteAsync(piece, cancellationToken);
                await stream.FlushAsync(cancellationToken);
                from.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                    return;
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
