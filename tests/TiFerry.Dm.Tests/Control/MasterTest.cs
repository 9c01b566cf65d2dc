using Google.Protobuf;

namespace TiFerry.Dm.Tests.Control;

/// <summary>A test with a master to ask and files to hand over.</summary>
public abstract class MasterTest : IAsyncLifetime, IDisposable
{
    private FakeMaster? _master;

    internal FakeMaster Master => _master!;

    internal TemporaryFiles Files { get; } = new();

    public async Task InitializeAsync() => _master = await FakeMaster.StartAsync();

    public async Task DisposeAsync() => await Master.DisposeAsync();

    public void Dispose()
    {
        Files.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The master was asked this, in this order, and nothing else.</summary>
    internal void AssertAsked(params IMessage[] requests) => Assert.Equal(requests, Master.Asked.Select(asked => asked.Request));
}
