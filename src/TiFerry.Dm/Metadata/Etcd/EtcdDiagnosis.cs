using System.Text.Json;

namespace TiFerry.Dm.Metadata.Etcd;

/// <summary>Why etcd ended, read from the last lines of its log.</summary>
/// <param name="Message">What it said; null where it said nothing.</param>
/// <param name="Workaround">What the user can do.</param>
/// <param name="IsFinal">Whether starting it again would end the same way.</param>
internal sealed record EtcdDiagnosis(string? Message, string Workaround, bool IsFinal)
{
    private const string General = "Please check all dm-master of `initial-cluster` in configuration file is up, and check the log for a detailed error.";

    public static EtcdDiagnosis Of(string log, EtcdMemberOptions options)
    {
        var message = log.Split('\n').Select(Complaint).LastOrDefault(text => text is not null);
        bool Says(string part) => message?.Contains(part, StringComparison.OrdinalIgnoreCase) == true;

        if (Says("address already in use"))
            return new EtcdDiagnosis($"{string.Join(',', options.PeerUrls)}: {message}", "Free the port or choose other peer-urls.", IsFinal: false);
        if (Says("cannot assign requested address"))
            return new EtcdDiagnosis($"{string.Join(',', options.PeerUrls)}: {message}", "peer-urls must have an address of this machine.", IsFinal: true);
        if (Says("cluster ID") || Says("clusterID") || Says("cluster-id"))
            return new EtcdDiagnosis(message, $"The data directory {options.DataDirectory} belongs to another cluster: empty it, or point data-dir elsewhere.", IsFinal: true);
        if (Says("permanently removed") || Says("has been removed"))
            return new EtcdDiagnosis(message, $"This master was taken out of the cluster: empty {options.DataDirectory} and join again.", IsFinal: true);
        if (Says("already been bootstrapped"))
            return new EtcdDiagnosis(message, "The cluster knows this master, whose data directory is gone: take it out (dmctl offline-member --master), then start it with join.", IsFinal: true);
        if (Says("initial-cluster") || Says("initial cluster") || Says("couldn't find local name") || Says("unmatched member") || Says("member count is unequal"))
            return new EtcdDiagnosis(message, "initial-cluster, name and advertise-peer-urls of the masters contradict each other.", IsFinal: true);
        if (Says("permission denied"))
            return new EtcdDiagnosis(message, $"Let this account own {options.DataDirectory}.", IsFinal: true);
        if (Says("flag provided but not defined"))
            return new EtcdDiagnosis(message, "This etcd is too old or too new: 3.4 or 3.5 is needed.", IsFinal: true);
        return new EtcdDiagnosis(message, General, IsFinal: false);
    }

    /// <summary>The message and the error of a line that is an error or worse; null for others.</summary>
    private static string? Complaint(string line)
    {
        if (line.StartsWith("panic:", StringComparison.Ordinal) || line.Contains("flag provided but not defined", StringComparison.Ordinal))
            return line;
        if (!line.StartsWith('{'))
            return null;
        try
        {
            using var json = JsonDocument.Parse(line);
            var entry = json.RootElement;
            if (Text(entry, "level") is not ("error" or "fatal" or "panic" or "dpanic"))
                return null;
            var error = Text(entry, "error") ?? Text(entry, "reason");
            return error is null ? Text(entry, "msg") : $"{Text(entry, "msg")}: {error}";
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement entry, string name) => entry.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
