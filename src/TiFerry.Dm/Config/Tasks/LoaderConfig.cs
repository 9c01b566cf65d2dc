namespace TiFerry.Dm.Config.Tasks;

/// <summary>An entry of <c>loaders</c>, with DM's defaults. What is only for physical imports into TiDB does nothing here.</summary>
public sealed record LoaderConfig
{
    /// <summary><c>pool-size</c>: sessions that write to the target.</summary>
    public int PoolSize { get; init; } = 16;

    /// <summary><c>dir</c>: the directory of exported files. In modes that export and import in one, the task's name is put behind it: see <see cref="SubTaskConfig.DumpDir"/>.</summary>
    public string Dir { get; init; } = "./dumped_data";

    /// <summary><c>on-duplicate-logical</c>, or <c>on-duplicate</c> as it was called.</summary>
    public OnDuplicate OnDuplicate { get; init; } = OnDuplicate.Replace;
}
