using System.Globalization;
using TiFerry.MySql;
using TiFerry.Schema.Ddl.Ast;
using ColumnDefinition = TiFerry.Schema.Ddl.Ast.ColumnDefinition;

namespace TiFerry.Schema.Tracking;

/// <summary>
/// A table while a statement is applied to it. Columns are complete when they come in; keys and constraints are named and checked at the end, all at
/// once, as servers do it.
/// </summary>
/// <param name="table">The table's name before the statement.</param>
/// <param name="rules">The server and the session.</param>
internal sealed class TableDraft(string table, ColumnRules rules)
{
    private readonly List<DraftKey> _keys = [];
    private readonly List<ForeignKeyDefinition> _foreignKeys = [];
    private readonly List<CheckDefinition> _checks = [];

    /// <summary>The columns in order.</summary>
    public List<ColumnDefinition> Columns { get; } = [];

    /// <summary>Whether a primary key was added.</summary>
    public bool HasPrimaryKey => _keys.Exists(k => k.Key.Type == KeyType.Primary);

    /// <summary>Makes a column NOT NULL, as a period does with its columns.</summary>
    public void MakeNotNull(string column)
    {
        var place = Columns.FindIndex(c => TableDefinition.ColumnNames.Equals(c.Name, column));
        if (place >= 0)
            Columns[place] = rules.MakeNotNull(Columns[place]);
    }

    /// <summary>Adds a key that is named already.</summary>
    public void Keep(KeyDefinition key, bool isServerMade) => _keys.Add(new DraftKey(key, isServerMade));

    /// <summary>Adds a foreign key that is named already.</summary>
    public void Keep(ForeignKeyDefinition foreignKey) => _foreignKeys.Add(foreignKey);

    /// <summary>Adds a check that is named already.</summary>
    public void Keep(CheckDefinition check) => _checks.Add(check);

    /// <summary>Adds the keys and constraints that stand in the definition of a column.</summary>
    public void AddInline(ColumnDefinition written)
    {
        KeyPart[] part = [new() { Column = written.Name }];
        if (written.IsPrimaryKey)
            Add(new KeyDefinition(KeyType.Primary) { Parts = [.. part], Clustering = written.Clustering });
        if (written.IsUniqueKey)
            Add(new KeyDefinition(KeyType.Unique) { Parts = [.. part] });
        if (written.References is { } parent && HonoursInlineReferences)
            Add(new ForeignKeyDefinition(parent) { Columns = [written.Name] });
        if (rules.Dialect.Flavour != ServerFlavour.MariaDb)
        {
            foreach (var check in written.Checks)
                Add(check);
        }
    }

    /// <summary>Adds a key as written.</summary>
    public void Add(KeyDefinition written) => _keys.Add(new DraftKey(Complete(written), IsServerMade: false));

    /// <summary>Adds a foreign key as written, and the key that the server makes for it.</summary>
    public void Add(ForeignKeyDefinition written)
    {
        var constraint = written.ConstraintName is { Length: > 0 } given ? given : null;
        // MariaDB takes the name of the index for the constraint, too.
        var name = constraint ?? (rules.Dialect.Flavour == ServerFlavour.MariaDb ? written.IndexName : null);
        _foreignKeys.Add(written with { ConstraintName = name, IndexName = null, IfNotExists = false, Span = default });
        var index = new KeyDefinition(KeyType.Plain) { Name = constraint ?? written.IndexName, Parts = [.. written.Columns.Select(c => new KeyPart { Column = c })] };
        _keys.Add(new DraftKey(index, IsServerMade: true));
    }

    /// <summary>Adds a check as written, on servers that know checks.</summary>
    public void Add(CheckDefinition written)
    {
        if (rules.Dialect is { Flavour: ServerFlavour.MariaDb, Version: >= 100200 } or { Flavour: not ServerFlavour.MariaDb, Version: >= 80016 })
            _checks.Add(rules.Complete(written) with { ConstraintName = written.ConstraintName is { Length: > 0 } name ? name : null });
    }

    /// <summary>The finished table.</summary>
    /// <param name="definition">What is not about columns, keys and constraints.</param>
    public TableDefinition Finish(TableDefinition definition)
    {
        rules.PromoteTimestamps(Columns);
        DropServedKeys();
        NameKeys();
        NameForeignKeys();
        NameChecks();
        MakePrimaryKeyNotNull();
        return definition with
        {
            Columns = [.. Columns],
            Keys = [.. _keys.Select(k => Complete(k.Key, definition.Engine)).OrderBy(RankOf)],
            ForeignKeys = [.. _foreignKeys],
            Checks = [.. _checks],
            ServerMadeKeys = [.. _keys.Where(k => k.IsServerMade).Select(k => k.Key.Name!)],
        };
    }

    private bool HonoursInlineReferences =>
        rules.Dialect is { Flavour: ServerFlavour.MariaDb, Version: >= 100500 } or { Flavour: ServerFlavour.MySql, Version: >= 90000 };

    private bool HonoursDescending => rules.Dialect is { Flavour: ServerFlavour.MariaDb, Version: >= 100800 } or { Flavour: not ServerFlavour.MariaDb, Version: >= 80000 };

    private KeyDefinition Complete(KeyDefinition written) => written with
    {
        Name = written.Type == KeyType.Primary ? "PRIMARY" : written.Name ?? (written.ConstraintName is { Length: > 0 } constraint ? constraint : null),
        ConstraintName = null,
        IfNotExists = false,
        IsVisible = written.IsVisible is false ? false : null,
        IsIgnored = written.IsIgnored is true ? true : null,
        Comment = written.Comment is { Length: > 0 } comment ? comment : null,
        Parts = [.. written.Parts.Select(Complete)],
        Span = default,
    };

    private KeyPart Complete(KeyPart part) => part with
    {
        Expression = part.Expression is { } expression ? ExpressionText.Plain(expression, rules.Dialect) with { Span = default } : null,
        IsDescending = part.IsDescending && HonoursDescending,
        Span = default,
    };

    private KeyDefinition Complete(KeyDefinition key, string engine)
    {
        var complete = key with { Parts = [.. key.Parts.Select(p => Complete(p, key, engine))] };
        return IsHashed(complete) ? complete with { Parts = [.. complete.Parts.Select(p => p with { IsDescending = false })] } : complete;
    }

    // MariaDB checks a unique key of values without a limit by a hash (knowledge base, "Unique Indexes on Blobs").
    private bool IsHashed(KeyDefinition key) =>
        rules.Dialect.Flavour == ServerFlavour.MariaDb && key.Type == KeyType.Unique
        && key.Parts.Any(p => p.PrefixLength is null && Columns.Find(c => TableDefinition.ColumnNames.Equals(c.Name, p.Column)) is { } column && TypeRules.IsLong(column.Type.Name));

    // A part takes the name of its column as the column spells it, and a prefix that covers it is none.
    private KeyPart Complete(KeyPart part, KeyDefinition key, string engine)
    {
        if (part.Column is not { } name)
            return part;
        var column = Columns.Find(c => TableDefinition.ColumnNames.Equals(c.Name, name)) ?? throw TrackerErrors.NoColumn(table, $"key {Tables.TableName.Quote(key.Name!)}", name);
        var isWhole = part.PrefixLength is null or 0 || part.PrefixLength == column.Type.Length || key.Type is KeyType.Fulltext or KeyType.Spatial;
        var prefix = isWhole ? null : part.PrefixLength;
        return part with { Column = column.Name, PrefixLength = key.Type == KeyType.Plain ? Fitting(prefix, column.Type, engine) : prefix };
    }

    // A key that isn't unique covers only as much as the engine can (MySQL manual, "InnoDB Limits").
    private int? Fitting(int? prefix, DataType type, string engine)
    {
        int? limit = engine switch
        {
            "InnoDB" => rules.Dialect is { Flavour: ServerFlavour.MySql, Version: < 50707 } ? 767 : 3072,
            "MyISAM" => 1000,
            _ => null,
        };
        if (limit is null || !TypeRules.CanHavePrefix(type.Name))
            return prefix;
        var most = limit / (type.Charset is null ? 1 : CharsetRules.MaxBytes(type.Charset));
        if (prefix is null && TypeRules.IsLong(type.Name))
            return (int)Math.Min(most.Value, TypeRules.MaxBytesOf(type.Name));
        return (prefix ?? type.Length) > most ? most : prefix;
    }

    // The servers' order: unique keys first, the primary one before those that allow no NULL, then those that do; full-text keys last.
    private int RankOf(KeyDefinition key)
    {
        const int OfPlain = 16;
        var columns = ColumnsOf(key);
        var hasVirtual = rules.Dialect.Flavour != ServerFlavour.MariaDb && columns.Exists(IsVirtual);
        if (key.Type == KeyType.Fulltext)
            return OfPlain + 2;
        if (key.Type is not (KeyType.Primary or KeyType.Unique))
            return OfPlain + (hasVirtual ? 1 : 0);
        if (key.Type == KeyType.Primary)
            return 0;
        var allowsNull = columns.Exists(c => c is null or { IsNullable: true });
        var hasPrefix = key.Parts.Any(p => p.PrefixLength is not null);
        return 1 + (allowsNull ? 8 : 0) + (IsHashed(key) ? 4 : 0) + (hasPrefix ? 2 : 0) + (hasVirtual ? 1 : 0);
    }

    private List<ColumnDefinition?> ColumnsOf(KeyDefinition key) => [.. key.Parts.Select(p => p.Column is null ? null : Columns.Find(c => c.Name == p.Column))];

    // An expression in a key is a virtual column that MySQL hides.
    private static bool IsVirtual(ColumnDefinition? column) => column is null or { Generated.Storage: GeneratedStorage.Virtual };

    // A key that a foreign key brought along goes where another key begins with its columns.
    private void DropServedKeys()
    {
        var dropped = new HashSet<DraftKey>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < _keys.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var (later, earlier) = (_keys[i], _keys[j]);
                if (dropped.Contains(earlier) || !Serves(later, earlier))
                    continue;
                dropped.Add(!earlier.IsServerMade || (later.IsServerMade && later.Key.Parts.Count < earlier.Key.Parts.Count) ? later : earlier);
                break;
            }
        }

        _keys.RemoveAll(dropped.Contains);
    }

    private static bool Serves(DraftKey later, DraftKey earlier)
    {
        if (!later.IsServerMade && !earlier.IsServerMade)
            return false;
        var (generated, other) = later.IsServerMade ? (later, earlier) : (earlier, later);
        if (other.IsServerMade && generated.Key.Parts.Count > other.Key.Parts.Count)
            (generated, other) = (other, generated);
        if (other.Key.Type is KeyType.Fulltext or KeyType.Spatial || generated.Key.Parts.Count > other.Key.Parts.Count)
            return false;
        return generated.Key.Parts.Zip(other.Key.Parts).All(pair =>
            pair.Second is { Column: { } column, PrefixLength: null } && TableDefinition.ColumnNames.Equals(pair.First.Column, column));
    }

    private void NameKeys()
    {
        var taken = new HashSet<string>(_keys.Select(k => k.Key.Name).OfType<string>(), TableDefinition.ColumnNames) { "PRIMARY" };
        for (var i = 0; i < _keys.Count; i++)
        {
            if (_keys[i].Key is not { Name: null } key)
                continue;
            var name = Unused(key.Parts[0].Column ?? "functional_index", taken);
            taken.Add(name);
            _keys[i] = _keys[i] with { Key = key with { Name = name } };
        }

        if (_keys.GroupBy(k => k.Key.Name!, TableDefinition.ColumnNames).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw TrackerErrors.CannotFollow(table, $"key {Tables.TableName.Quote(twice.Key)}", "there is a key of that name already");
    }

    private static string Unused(string name, HashSet<string> taken)
    {
        if (!taken.Contains(name))
            return name;
        for (var number = 2; ; number++)
        {
            var next = string.Create(CultureInfo.InvariantCulture, $"{name}_{number}");
            if (!taken.Contains(next))
                return next;
        }
    }

    private void NameForeignKeys()
    {
        var next = 1 + ConstraintNames.HighestNumber(_foreignKeys.Select(f => f.ConstraintName), $"{table}_ibfk_");
        for (var i = 0; i < _foreignKeys.Count; i++)
        {
            if (_foreignKeys[i].ConstraintName is null)
                _foreignKeys[i] = _foreignKeys[i] with { ConstraintName = string.Create(CultureInfo.InvariantCulture, $"{table}_ibfk_{next++}") };
        }
    }

    private void NameChecks()
    {
        var isMariaDb = rules.Dialect.Flavour == ServerFlavour.MariaDb;
        var prefix = isMariaDb ? "CONSTRAINT_" : $"{table}_chk_";
        var taken = new HashSet<string>(_checks.Select(c => c.ConstraintName).OfType<string>(), TableDefinition.ColumnNames);
        var next = isMariaDb ? 1 : 1 + ConstraintNames.HighestNumber(taken, prefix);
        for (var i = 0; i < _checks.Count; i++)
        {
            if (_checks[i].ConstraintName is not null)
                continue;
            string name;
            do
                name = string.Create(CultureInfo.InvariantCulture, $"{prefix}{next++}");
            while (!taken.Add(name));
            _checks[i] = _checks[i] with { ConstraintName = name };
        }
    }

    private void MakePrimaryKeyNotNull()
    {
        if (_keys.Find(k => k.Key.Type == KeyType.Primary) is not { } primary)
            return;
        for (var i = 0; i < Columns.Count; i++)
        {
            if (primary.Key.Parts.Any(p => TableDefinition.ColumnNames.Equals(p.Column, Columns[i].Name)))
                Columns[i] = rules.MakeNotNull(Columns[i]);
        }
    }

    private sealed record DraftKey(KeyDefinition Key, bool IsServerMade);
}
