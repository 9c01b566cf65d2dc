using TiFerry.Core.Secrets;
using TiFerry.Dm.Control.CommandLine;
using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Control.Commands;

/// <summary>encrypt and decrypt. The masters have the key and encrypt; nobody decrypts over the network, so that needs the key file.</summary>
internal static class SecretCommands
{
    private const string FromInput = "-";

    private static readonly Flag KeyPath = new("secret-key-path", null, FlagKind.Text, "file with the cluster's secret key, 64 hexadecimal digits") { Operand = Operand.File };

    public static readonly Command Encrypt = new("encrypt <plain-text>", "Encrypts plain text to cipher text")
    {
        Flags = [KeyPath],
        IsSecret = true,
        Examples = ["dmctl encrypt 'secret'", "dmctl encrypt - < password.txt", "dmctl encrypt --secret-key-path key.txt 'secret'"],
        Run = EncryptAsync,
    };

    public static readonly Command Decrypt = new("decrypt <cipher-text> --secret-key-path <file>", "Decrypts cipher text with the cluster's secret key file")
    {
        Flags = [KeyPath],
        IsSecret = true,
        Examples = ["dmctl decrypt --secret-key-path key.txt 'WYmbRhuj...'"],
        Run = DecryptAsync,
    };

    private static async Task EncryptAsync(CommandRun run)
    {
        if (run.Operands.Count != 1)
        {
            await run.ShowHelp();
            return;
        }
        var plain = await TextAsync(run);
        if (run.Line.IsGiven(KeyPath.Name))
        {
            run.Print(SecretKeyFile.Read(run.Line.Text(KeyPath.Name)).Encrypt(new Secret(plain)));
            return;
        }
        var answer = await run.CallAsync(MasterMethods.Encrypt, new EncryptRequest { Plaintext = plain });
        run.Print(answer.Result ? answer.Ciphertext : throw new ControlException(answer.Msg));
    }

    private static async Task DecryptAsync(CommandRun run)
    {
        if (run.Operands.Count != 1)
        {
            await run.ShowHelp();
            return;
        }
        if (run.Line.Text(KeyPath.Name).Length == 0)
            throw new ControlException("decrypt needs the cluster's secret key: name its file with --secret-key-path; masters don't decrypt for anyone");
        run.Print(SecretKeyFile.Read(run.Line.Text(KeyPath.Name)).Decrypt(await TextAsync(run)).Reveal());
    }

    // A line of the input instead of the operand keeps a password out of the list of processes.
    private static async Task<string> TextAsync(CommandRun run) => run.Operands[0] == FromInput
        ? await run.Console.Input.ReadLineAsync(run.Stop) ?? throw new ControlException("the input is empty")
        : run.Operands[0];
}
