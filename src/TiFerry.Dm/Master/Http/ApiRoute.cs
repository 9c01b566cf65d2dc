using Google.Protobuf.Reflection;

namespace TiFerry.Dm.Master.Http;

/// <summary>A path of DM's HTTP interface and the call behind it.</summary>
/// <param name="Verb">The request's method.</param>
/// <param name="Path">The path behind <c>/apis/v1alpha1/</c>; a part in braces is a field of the request.</param>
/// <param name="Method">The call's name in <c>pb.Master</c>.</param>
internal sealed record ApiRoute(string Verb, string Path, string Method)
{
    /// <summary>All paths (DM, dm/proto/dmmaster.proto, <c>google.api.http</c>).</summary>
    public static readonly IReadOnlyList<ApiRoute> All =
    [
        new("POST", "tasks", "StartTask"),
        new("PUT", "tasks/{name}", "OperateTask"),
        new("GET", "tasks/{name}", "GetCfg"),
        new("GET", "status/{name}", "QueryStatus"),
        new("PUT", "sources", "OperateSource"),
        new("DELETE", "members/{type}/{name}", "OfflineMember"),
        new("PUT", "leader/{op}", "OperateLeader"),
        new("GET", "members", "ListMember"),
        new("PUT", "schema", "OperateSchema"),
        new("GET", "subtasks/{name}", "GetSubTaskCfg"),
        new("PUT", "errors", "HandleError"),
    ];

    /// <summary>What the call takes.</summary>
    public MessageDescriptor Request { get; } = Pb.DmmasterReflection.Descriptor.FindTypeByName<ServiceDescriptor>("Master").FindMethodByName(Method).InputType;

    /// <summary>The fields that stand in a path; null where the path is another.</summary>
    /// <param name="path">The parts behind <c>/apis/v1alpha1/</c>, unescaped.</param>
    public IReadOnlyList<(string Field, string Value)>? Match(string[] path)
    {
        var parts = Path.Split('/');
        if (parts.Length != path.Length)
            return null;
        var fields = new List<(string, string)>();
        foreach (var (part, given) in parts.Zip(path))
        {
            if (part.StartsWith('{'))
                fields.Add((part.Trim('{', '}'), given));
            else if (part != given)
                return null;
        }
        return fields;
    }
}
