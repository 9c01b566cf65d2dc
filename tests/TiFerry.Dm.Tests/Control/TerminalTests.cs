using System.Diagnostics;
using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Tests.Control;

/// <summary>The built program as a process.</summary>
public sealed class TerminalTests : MasterTest
{
    private const string PromptText = "»";

    [SkippableFact]
    public async Task A_session_at_a_terminal()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "it needs Linux's pseudo terminals");
        Master.Answer(MasterMethods.QueryStatus, new QueryStatusListResponse { Result = true, Sources = { new QueryStatusResponse { Result = true, SourceStatus = new SourceStatus { Source = "mysql-01" }, SubTaskStatus = { new SubTaskStatus { Name = "shop" } } } } });
        using var busy = new SemaphoreSlim(0);
        Master.Answer<OperateLeaderRequest, OperateLeaderResponse>(MasterMethods.OperateLeader, _ =>
        {
            busy.Wait(TimeSpan.FromMinutes(1));
            return new OperateLeaderResponse();
        });
        await using (var terminal = PseudoTerminal.Start(Files.Root, "--master-addr", Master.Address))
        {
            // The line is typed with a mistake, mended, and its task's name completed from what the master knows.
            await terminal.WaitForAsync(PromptText);
            await terminal.TypeAsync("stp-task\e[D\e[D\e[D\e[D\e[D\e[Do\x05 sh\t\r");
            await terminal.WaitForAsync("\"op\": \"InvalidOp\"");
            Assert.Equal("shop", Master.Asked.Select(asked => asked.Request).OfType<OperateTaskRequest>().Single().Name);

            // Ctrl-C ends the command and not the session.
            await terminal.TypeAsync("operate-leader evict\r");
            await Worker.Eventually.TrueAsync(() => Master.Asked.Any(asked => asked.Method == nameof(MasterMethods.OperateLeader)));
            await terminal.TypeAsync("\x03");
            await terminal.WaitForAsync("interrupted; the master may still carry the command out");
            busy.Release();

            // A secret isn't kept, what was typed before comes back.
            await terminal.TypeAsync("encrypt geheim\r");
            await Worker.Eventually.TrueAsync(() => Master.Asked.Any(asked => asked.Request is EncryptRequest { Plaintext: "geheim" }));
            await terminal.TypeAsync("\e[A\e[A\r");
            await terminal.WaitForAsync("\"op\": \"InvalidOp\"", times: 2);
            await terminal.TypeAsync("\x04");
            Assert.Equal(0, await terminal.WaitForExitAsync());
        }
        Assert.Equal("stop-task shop\noperate-leader evict\nstop-task shop\n", File.ReadAllText(Files.Path(".dmctl.history")));
        Assert.True(TemporaryFiles.IsPrivate(Files.Path(".dmctl.history")));
    }

    [Theory]
    [InlineData(0, "list-member")]
    [InlineData(0, "--help")]
    [InlineData(1, "transfer-source")]
    [InlineData(1, "frobnicate")]
    public async Task Exit_codes_and_the_environment(int code, string command)
    {
        var start = new ProcessStartInfo("dotnet") { ArgumentList = { Path.Combine(AppContext.BaseDirectory, "dmctl.dll"), command }, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["DM_MASTER_ADDR"] = Master.Address;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.Equal(code, process.ExitCode);
        Assert.Equal(code == 0, (await output).Length > 0 && (await errors).Length == 0);
    }
}
