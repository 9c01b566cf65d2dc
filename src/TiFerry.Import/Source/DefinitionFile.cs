using System.Text.Unicode;
using TiFerry.Core.Errors;
using TiFerry.Schema.Ddl;
using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Lexing;

namespace TiFerry.Import.Source;

/// <summary>The statements of a file that creates a database, table or view.</summary>
internal sealed class DefinitionFile
{
    private DefinitionFile(string path, IReadOnlyList<byte[]> statements)
    {
        FullPath = path;
        Statements = statements;
    }

    /// <summary>Where it is.</summary>
    public string FullPath { get; }

    /// <summary>The statements without their semicolons.</summary>
    public IReadOnlyList<byte[]> Statements { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="dialect">The server that wrote the definition.</param>
    /// <param name="ct">Stops the reading.</param>
    /// <exception cref="TiFerryException">It can't be read or is not UTF-8.</exception>
    public static async ValueTask<DefinitionFile> ReadAsync(string path, SqlDialect dialect, CancellationToken ct)
    {
        byte[] sql;
        try
        {
            sql = await File.ReadAllBytesAsync(path, ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TiFerryException(LoadErrors.BadDefinitionFile, ErrorScope.Internal, $"{path} can't be read", null, e);
        }
        if (!Utf8.IsValid(sql))
            throw Bad(path, "it is not UTF-8");
        return new DefinitionFile(path, Split(sql, dialect));
    }

    /// <summary>The first statement of a kind.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="dialect">The server that wrote it.</param>
    /// <returns>Its text and what was read from it.</returns>
    /// <exception cref="TiFerryException">There is none.</exception>
    public (byte[] Sql, SqlStatement Statement) Single(StatementKind kind, SqlDialect dialect)
    {
        foreach (var sql in Statements)
        {
            var statement = DdlParser.Read(sql, dialect);
            if (statement.Kind == kind)
                return (sql, statement);
            if (statement is UnknownStatement unknown)
                throw Bad(FullPath, unknown.Error);
        }
        throw Bad(FullPath, $"it has no statement of the kind {kind}");
    }

    /// <summary>The error of a file that makes no sense.</summary>
    public static TiFerryException Bad(string path, string what) => new(LoadErrors.BadDefinitionFile, ErrorScope.Internal,
        $"{path} can't be loaded: {what}", "dump again, or correct the file");

    private static List<byte[]> Split(byte[] sql, SqlDialect dialect)
    {
        var statements = new List<byte[]>();
        var lexer = new SqlLexer(sql, dialect);
        var start = -1;
        while (lexer.NextWithTrivia() is { Kind: not SqlTokenKind.End } token)
        {
            if (token.Kind == SqlTokenKind.Semicolon)
            {
                if (start >= 0)
                    statements.Add(sql[start..token.Start]);
                start = -1;
            }
            else if (start < 0 && token.Kind is not (SqlTokenKind.Whitespace or SqlTokenKind.Comment))
            {
                start = token.Start;
            }
        }
        if (start >= 0)
            statements.Add(sql[start..]);
        return statements;
    }
}
