using TiFerry.MySql;
using TiFerry.MySql.Sessions;

namespace TiFerry.Migration.Copy;

/// <summary>A worker's sessions: one that reads, one that writes.</summary>
internal sealed class CopySessions : IAsyncDisposable
{
    private CopySessions(MySqlConnection source, RowCopier rows)
    {
        Source = source;
        Rows = rows;
    }

    /// <summary>The reading session.</summary>
    public MySqlConnection Source { get; }

    /// <summary>The writing session and its statements.</summary>
    public RowCopier Rows { get; }

    /// <summary>Opens both.</summary>
    public static async ValueTask<CopySessions> OpenAsync(FullCopyOptions options, int slot, CancellationToken ct)
    {
        var target = await options.Slots.OpenAsync(slot.ToString(), ct);
        try
        {
            var limit = long.Parse((await target.QueryScalarAsync("SELECT @@max_allowed_packet", ct))!);
            return new CopySessions(await Session.OpenForReadingAsync(options.Source, ct), new RowCopier(target, limit));
        }
        catch
        {
            await target.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await Rows.DisposeAsync();
    }
}
