namespace TiFerry.Dm.Tests.Master;

/// <summary>Sees which worker works on which source, as the target would: by fencing tokens.</summary>
internal sealed class OwnerWitness
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (string Worker, long Token)> _owners = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _highest = new(StringComparer.Ordinal);

    /// <summary>What must never happen, in words.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>How often a source came into a worker's hands.</summary>
    public int Taken { get; private set; }

    public void Take(string source, string worker, long token)
    {
        lock (_lock)
        {
            Taken++;
            if (_highest.TryGetValue(source, out var highest) && token <= highest && !(_owners.TryGetValue(source, out var same) && same.Worker == worker))
                Faults.Add($"{worker} took {source} with token {token}, and {highest} was there before");
            _highest[source] = Math.Max(token, highest);
            _owners[source] = (worker, token);
        }
    }

    public void Release(string source, string worker, long token)
    {
        lock (_lock)
        {
            if (_owners.TryGetValue(source, out var owner) && owner == (worker, token))
                _owners.Remove(source);
        }
    }
}
