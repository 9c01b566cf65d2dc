using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Http;
using TiFerry.Core.Errors;
using TiFerry.Dm.Master.Services;
using TiFerry.Grpc;

namespace TiFerry.Dm.Master.Http;

/// <summary>DM's HTTP interface <c>/apis/v1alpha1/</c>: the calls of <c>pb.Master</c> as JSON, fields under their original names, default values included.</summary>
/// <param name="calls">The calls.</param>
internal sealed class ApiPages(MasterCalls calls)
{
    /// <summary>What all its paths begin with.</summary>
    public const string Prefix = "/apis/v1alpha1";

    private const int BadRequest = StatusCodes.Status400BadRequest;

    private static readonly JsonFormatter Writer = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true).WithPreserveProtoFieldNames(true).WithIndentation("  "));
    private static readonly JsonParser Reader = JsonParser.Default;

    /// <summary>Serves a request.</summary>
    public async Task ServeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value![Prefix.Length..].Trim('/').Split('/');
        // A task's status without a task is that of all.
        var matches = ApiRoute.All.Select(route => (Route: route, Fields: route.Match(path) ?? route.Match([.. path, ""]))).Where(m => m.Fields is not null).ToList();
        var (route, fields) = matches.FirstOrDefault(m => m.Route.Verb == context.Request.Method);
        if (route is null)
        {
            await FailAsync(context, matches.Count > 0 ? StatusCodes.Status405MethodNotAllowed : StatusCodes.Status404NotFound, 12, matches.Count > 0 ? "Method Not Allowed" : "Not Found");
            return;
        }
        try
        {
            var request = await ReadAsync(route, fields!, context);
            var answer = await calls.CallAsync(route.Method, request, context.RequestAborted);
            await WriteAsync(context, Writer.Format(answer));
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or FormatException or InvalidJsonException)
        {
            await FailAsync(context, BadRequest, (int)GrpcStatus.InvalidArgument, e.Message);
        }
        catch (Exception e) when (e is TiFerryException or GrpcException)
        {
            await FailAsync(context, StatusCodes.Status500InternalServerError, (int)((e as GrpcException)?.Status ?? GrpcStatus.Unknown), e.Message);
        }
    }

    private static async Task<IMessage> ReadAsync(ApiRoute route, IReadOnlyList<(string Field, string Value)> fields, HttpContext context)
    {
        var request = route.Request.Parser.ParseFrom(ByteString.Empty);
        if (context.Request.Method is "POST" or "PUT")
        {
            using var body = new StreamReader(context.Request.Body, Encoding.UTF8);
            var text = await body.ReadToEndAsync(context.RequestAborted);
            if (text.Length > 0)
                request = Reader.Parse(text, route.Request);
        }
        else
        {
            foreach (var (name, values) in context.Request.Query)
            {
                foreach (var value in values)
                    Set(request, name, value ?? "");
            }
        }
        foreach (var (name, value) in fields)
        {
            if (value.Length > 0)
                Set(request, name, Uri.UnescapeDataString(value));
        }
        return request;
    }

    // As a gateway does: a field by its name, its value as text.
    private static void Set(IMessage request, string name, string value)
    {
        var field = request.Descriptor.FindFieldByName(name)
            ?? throw new FormatException($"there is no field '{name}'; there are {string.Join(", ", request.Descriptor.Fields.InDeclarationOrder().Select(f => f.Name))}");
        if (field.IsRepeated)
            ((System.Collections.IList)field.Accessor.GetValue(request)).Add(value);
        else
            field.Accessor.SetValue(request, Value(field, value));
    }

    private static object Value(FieldDescriptor field, string text) => field.FieldType switch
    {
        FieldType.Bool => bool.TryParse(text, out var flag) ? flag : throw new FormatException($"'{text}' of field '{field.Name}' is neither true nor false"),
        FieldType.Enum => Enum.ToObject(field.EnumType.ClrType, (field.EnumType.FindValueByName(text)
            ?? (int.TryParse(text, out var number) ? field.EnumType.FindValueByNumber(number) : null)
            ?? throw new FormatException($"'{text}' of field '{field.Name}' is none of {string.Join(", ", field.EnumType.Values.Select(v => v.Name))}")).Number),
        FieldType.Int64 => long.TryParse(text, out var number) ? number : throw new FormatException($"'{text}' of field '{field.Name}' is no number"),
        _ => text,
    };

    private static async Task WriteAsync(HttpContext context, string json)
    {
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(json, context.RequestAborted);
    }

    private static Task FailAsync(HttpContext context, int httpStatus, int code, string message)
    {
        context.Response.StatusCode = httpStatus;
        return WriteAsync(context, System.Text.Json.JsonSerializer.Serialize(new { error = message, message, code, details = Array.Empty<string>() }));
    }
}
