using TiFerry.Schema.Tables;
using TiFerry.Schema.Tracking;
using TiFerry.TestServers;

namespace TiFerry.Schema.Tests.Tracking;

/// <summary>Statements on a table <c>t</c> that a server may accept, made up by chance from what the table has now.</summary>
internal sealed class RandomDdl(Random random, ServerKind kind, Func<TableDefinition?> current)
{
    private static readonly string[] Names = ["a", "b", "c", "d", "e", "f", "g", "h", "Ab", "a_2", "x y"];
    private static readonly string[] KeyNames = ["k", "a", "b", "a_2", "k2", "u"];

    private static readonly string[] Types =
    [
        "int", "int unsigned", "tinyint(1)", "smallint(4) zerofill", "bigint", "bool", "decimal(8,3)", "decimal", "float", "double(9,2)", "bit(3)", "year", "date", "time(2)", "datetime", "datetime(4)",
        "timestamp null", "timestamp(3) null", "char(4)", "varchar(20)", "varchar(7) binary", "varchar(30) character set latin1", "varchar(9) collate utf8_bin", "char(3) character set utf8mb4 collate utf8mb4_unicode_ci",
        "text", "text(20)", "tinytext character set utf8", "mediumtext", "binary(5)", "varbinary(12)", "blob", "blob(10)", "enum('x','Y','z z')", "set('p','q') character set utf8", "nchar(3)", "long varchar", "numeric(6)", "real",
        "double precision unsigned",
    ];

    private static readonly string[] Charsets = ["latin1", "utf8", "utf8mb4", "utf8mb4 collate utf8mb4_bin", "koi8r", "binary", "latin1 collate latin1_general_cs", "cp1251"];

    private bool IsMariaDb => kind == ServerKind.MariaDb;

    private bool IsModern => kind != ServerKind.MySql56;

    /// <summary>The next statement.</summary>
    public string Next()
    {
        if (current() is not { } table)
            return Create();
        return random.Next(12) switch
        {
            0 => $"create {Pick("", "unique ")}index {Quote(Pick(KeyNames))} on t ({KeyParts(table)})",
            1 when table.Keys.Count > 0 => $"drop index {Quote(Pick([.. table.Keys.Select(k => k.Name!)]))} on t",
            2 => $"alter table t convert to character set {Pick(Charsets)}",
            3 => $"alter table t default character set {Pick(Charsets)}, {Change(table)}",
            _ => $"alter table t {string.Join(", ", Enumerable.Range(0, 1 + random.Next(4)).Select(_ => Change(table)))}",
        };
    }

    private string Create()
    {
        var names = Names.OrderBy(_ => random.Next()).Take(3 + random.Next(4)).ToList();
        var columns = names.ConvertAll(Column);
        for (var keys = random.Next(3); keys > 0; keys--)
            columns.Add($"{Pick("key", "unique key")} {(random.Next(2) == 0 ? "" : Quote(Pick(KeyNames)))} ({Quote(Pick([.. names]))})");
        return $"create table t ({string.Join(", ", columns)}){(random.Next(2) == 0 ? "" : $" charset {Pick(Charsets)}")}";
    }

    private string Change(TableDefinition table)
    {
        var old = Pick([.. table.Columns.Select(c => c.Name)]);
        var key = table.Keys.Count == 0 ? "nope" : Pick([.. table.Keys.Select(k => k.Name!)]);
        return random.Next(IsModern ? 17 : 13) switch
        {
            0 or 1 or 2 => $"add column {Column(Pick(Names))} {Position(table)}",
            3 or 4 => $"modify {Column(old)} {Position(table)}",
            5 or 6 => $"change {Quote(old)} {Column(Pick(Names))} {Position(table)}",
            7 => $"drop column {Quote(old)}",
            8 => $"add {Pick("key", "unique", "unique key")} {(random.Next(2) == 0 ? "" : Quote(Pick(KeyNames)))} ({KeyParts(table)})",
            9 => $"add primary key ({KeyParts(table)})",
            10 => key == "PRIMARY" ? "drop primary key" : $"drop key {Quote(key)}",
            11 => $"alter {Quote(old)} {Pick("drop default", "set default 1", "set default null")}",
            12 => $"add ({Column(Pick(Names))}, {Column(Pick(Names))})",
            13 => $"rename column {Quote(old)} to {Quote(Pick(Names))}",
            14 => $"rename key {Quote(key)} to {Quote(Pick(KeyNames))}",
            15 => $"add {Quote(Pick(Names))} int as ({Quote(old)} is null) {Pick("virtual", "stored")} {Position(table)}",
            _ => IsMariaDb ? $"{Pick("add column if not exists", "modify if exists")} {Column(Pick(Names))}" : $"alter index {Quote(key)} {Pick("visible", "invisible")}",
        };
    }

    private string Column(string name) => $"{Quote(name)} {Pick(Types)} {Pick("", "", "", "not null", "null", "not null default 1", "default null", "unique", "primary key", "comment 'it''s'", "unique not null")}";

    private string Position(TableDefinition table) =>
        random.Next(3) == 0 ? Pick("first", $"after {Quote(Pick(random.Next(3) == 0 ? Names : [.. table.Columns.Select(c => c.Name)]))}") : "";

    private string KeyParts(TableDefinition table)
    {
        var columns = table.Columns.OrderBy(_ => random.Next()).Take(1 + random.Next(2));
        return string.Join(", ", columns.Select(c => $"{Quote(c.Name)}{(c.Type.Name.EndsWith("text", StringComparison.Ordinal) || c.Type.Name.EndsWith("blob", StringComparison.Ordinal) || (c.Type.Charset is not null && c.Type.Members.Count == 0 && random.Next(2) == 0) ? $"({2 + random.Next(3)})" : "")}{Pick("", "", " desc")}"));
    }

    private string Pick(params string[] items) => items[random.Next(items.Length)];

    private static string Quote(string name) => TableName.Quote(name);
}
