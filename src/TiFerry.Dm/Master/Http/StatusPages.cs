using System.Buffers;
using Microsoft.AspNetCore.Http;
using TiFerry.Core.Errors;
using TiFerry.Core.Metrics;
using TiFerry.Dm.Config.Programs;
using TiFerry.Dm.Metadata;
using TiFerry.Dm.Metadata.Etcd;
using TiFerry.Grpc;

namespace TiFerry.Dm.Master.Http;

/// <summary>The pages that watchers look at: <c>/status</c>, <c>/metrics</c>, and <c>/health</c> as etcd has it.</summary>
/// <param name="etcd">The way to etcd.</param>
/// <param name="metrics">This master's figures.</param>
/// <param name="memberMetrics">Those of its etcd member; null where it has none.</param>
/// <param name="ledState">The cluster's state while this master leads, else null.</param>
internal sealed class StatusPages(EtcdClient etcd, MasterMetrics metrics, MemberMetrics? memberMetrics, Func<ClusterState?> ledState)
{
    /// <summary>Adds them.</summary>
    public void AddTo(GrpcServer server)
    {
        server.MapHttp("/status", context => WriteAsync(context, "text/plain", ProgramVersion.Text("dm-master")));
        server.MapHttp("/metrics", WriteMetricsAsync);
        server.MapHttp("/health", WriteHealthAsync);
    }

    private static async Task WriteAsync(HttpContext context, string type, string text)
    {
        context.Response.ContentType = type;
        await context.Response.WriteAsync(text, context.RequestAborted);
    }

    private async Task WriteMetricsAsync(HttpContext context)
    {
        var text = new ArrayBufferWriter<byte>();
        metrics.Write(new PrometheusWriter(text), ledState());
        context.Response.ContentType = PrometheusWriter.ContentType;
        await context.Response.Body.WriteAsync(text.WrittenMemory, context.RequestAborted);
        if (memberMetrics is not null)
            await context.Response.WriteAsync(await memberMetrics.ReadAsync(context.RequestAborted), context.RequestAborted);
    }

    private async Task WriteHealthAsync(HttpContext context)
    {
        var healthy = false;
        try
        {
            healthy = (await etcd.GetStatusAsync(context.RequestAborted)).LeaderId != 0;
        }
        catch (TiFerryException)
        {
            // Not healthy.
        }
        if (!healthy)
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        await WriteAsync(context, "application/json", $$"""{"health":"{{(healthy ? "true" : "false")}}"}""");
    }
}
