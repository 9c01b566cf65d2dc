using Google.Protobuf;
using TiFerry.Dm.Control.CommandLine;
using TiFerry.Dm.Control.Output;
using TiFerry.Grpc;

namespace TiFerry.Dm.Control;

/// <summary>One command on its way: what was typed, whom to ask, where to print.</summary>
/// <param name="line">What was typed.</param>
/// <param name="master">The cluster.</param>
/// <param name="console">Where results go.</param>
/// <param name="stop">Cancelled when the user wants to leave.</param>
internal sealed class CommandRun(ParsedLine line, MasterClient master, ControlConsole console, CancellationToken stop)
{
    /// <summary>What was typed.</summary>
    public ParsedLine Line => line;

    /// <summary>What is neither command nor flag.</summary>
    public IReadOnlyList<string> Operands => line.Operands;

    /// <summary>The sources of <c>-s</c>.</summary>
    public IReadOnlyList<string> Sources => line.List("source");

    /// <summary>Where results go.</summary>
    public ControlConsole Console => console;

    /// <summary>Cancelled when the user wants to leave.</summary>
    public CancellationToken Stop => stop;

    /// <summary>The cluster.</summary>
    public MasterClient Master => master;

    /// <summary>The operand at a place; empty where there is none.</summary>
    public string Operand(int place) => place < line.Operands.Count ? line.Operands[place] : "";

    /// <summary>Asks the master.</summary>
    public Task<TResponse> CallAsync<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, TRequest request)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() => master.CallAsync(method, request, stop);

    /// <summary>Asks the master and prints what it says.</summary>
    public async Task CallAndPrintAsync<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, TRequest request)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() => Print(await CallAsync(method, request));

    /// <summary>A line of output.</summary>
    public void Print(string text) => console.Output.WriteLine(text);

    /// <summary>An answer as JSON.</summary>
    public void Print(IMessage answer) => Print(ProtoJson.Format(answer));

    /// <summary>Prints what is wrong; the error to throw.</summary>
    public ControlException Refuse(string what)
    {
        Print(what);
        return new ControlException(SeeOutput);
    }

    /// <summary>Prints how the command is called; the error to throw.</summary>
    public ControlException WrongUsage(string message = SeeOutput)
    {
        console.Output.Write(HelpText.Usage(line.Path));
        return new ControlException(message);
    }

    /// <summary>Prints the command's help.</summary>
    public Task ShowHelp()
    {
        console.Output.Write(HelpText.Full(line.Path));
        return Task.CompletedTask;
    }

    private const string SeeOutput = "please check output to see error";
}
