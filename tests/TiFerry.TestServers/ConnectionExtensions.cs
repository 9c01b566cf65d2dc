using TiFerry.MySql;

namespace TiFerry.TestServers;

public static class ConnectionExtensions
{
    /// <summary>Runs the statements one after the other; an error shows the statement that it belongs to.</summary>
    public static async Task RunAsync(this MySqlConnection connection, params IEnumerable<string> statements)
    {
        foreach (var statement in statements)
        {
            try
            {
                await connection.ExecuteAsync(statement, CancellationToken.None);
            }
            catch (MySqlServerException error)
            {
                throw new InvalidOperationException($"{error.Message}\nin: {(statement.Length > 2000 ? statement[..2000] + "..." : statement)}", error);
            }
        }
    }
}
