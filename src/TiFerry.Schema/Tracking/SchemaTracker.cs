using TiFerry.Core.Errors;
using TiFerry.MySql;
using TiFerry.Schema.Ddl;
using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Lexing;
using TiFerry.Schema.Tables;

namespace TiFerry.Schema.Tracking;

/// <summary>
/// What the source's tables look like at a position of its binlog: it is told the tables as they are somewhere, and follows each DDL statement from there.
/// Not safe for use from several threads at once.
/// </summary>
public sealed class SchemaTracker
{
    private readonly SqlDialect _source;
    private readonly TrackerSettings _settings;
    private readonly Dictionary<TableName, (TableName Name, TableDefinition Definition)> _tables = [];
    private readonly Dictionary<string, CharsetChoice> _schemas;

    /// <summary>An empty tracker.</summary>
    /// <param name="source">The source's flavour and version; the sql_mode comes with each statement.</param>
    /// <param name="settings">The source's settings.</param>
    public SchemaTracker(SqlDialect source, TrackerSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _source = source with { Mode = SqlMode.None };
        _settings = settings;
        _schemas = new(settings.LowerCaseTableNames == 0 ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The definition of a table; null where none is tracked under that name.</summary>
    public TableDefinition? Find(TableName name) => _tables.TryGetValue(Key(name), out var entry) ? entry.Definition : null;

    /// <summary>The names of the tracked tables, in order.</summary>
    /// <param name="schema">Only those of this database; null for all.</param>
    public IReadOnlyCollection<TableName> Tables(string? schema) =>
        [.. _tables.Values.Where(e => schema is null || _schemas.Comparer.Equals(e.Name.Schema, schema)).Select(e => e.Name).Order()];

    /// <summary>Sets or replaces the definition of a table.</summary>
    public void Set(TableName name, TableDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var stored = Stored(name);
        _tables[Key(name)] = (stored, definition.Name == stored.Name ? definition : definition with { Name = stored.Name });
    }

    /// <summary>Forgets a table.</summary>
    /// <returns>Whether it was tracked.</returns>
    public bool Remove(TableName name) => _tables.Remove(Key(name));

    /// <summary>Sets what tables of a database get that name no character set.</summary>
    /// <param name="schema">The database.</param>
    /// <param name="charset">Its default character set.</param>
    /// <param name="collation">Its default collation.</param>
    public void SetSchema(string schema, string charset, string collation) => _schemas[schema] = new CharsetChoice(charset, collation);

    /// <summary>Follows a statement.</summary>
    /// <param name="statement">The statement as parsed in the session's dialect. Statements that change no table are ignored.</param>
    /// <param name="defaultSchema">The session's default database.</param>
    /// <param name="context">The session.</param>
    /// <returns>The tables that were created, changed, renamed (old and new name) or dropped; empty for none.</returns>
    /// <exception cref="TiFerryException">
    /// <see cref="SchemaErrors.CannotTrack"/>: the statement changes a table that isn't tracked, or doesn't fit the tracked definition. Nothing has changed then.
    /// </exception>
    public IReadOnlyList<TableName> Apply(SqlStatement statement, string defaultSchema, StatementContext context)
    {
        ArgumentNullException.ThrowIfNull(statement);
        ArgumentNullException.ThrowIfNull(defaultSchema);
        ArgumentNullException.ThrowIfNull(context);
        if (statement.IsTemporary)
            return [];
        return statement switch
        {
            CreateTable create => Create(create, defaultSchema, context),
            AlterTable alter => Alter(alter, defaultSchema, context),
            CreateIndex create => AddIndex(create, defaultSchema, context),
            DropIndex drop => Alter(drop.Table, [new DropKey(drop.Name) { IfExists = drop.IfExists }], defaultSchema, context),
            RenameTable rename => Rename(rename, defaultSchema),
            DropTable drop => [.. drop.Names.Select(n => NameOf(n, defaultSchema)).Where(Remove)],
            CreateDatabase create => Create(create, context),
            AlterDatabase alter => Alter(alter, defaultSchema, context),
            DropDatabase drop => Drop(drop),
            UnknownStatement unknown => throw new TiFerryException(SchemaErrors.CannotParseStatement, ErrorScope.Upstream, unknown.Error),
            _ => [],
        };
    }

    private ColumnRules Rules(StatementContext context) =>
        new(_source with { Mode = context.Mode }, context, context.ExplicitDefaultsForTimestamp ?? _settings.ExplicitDefaultsForTimestamp);

    private TableName[] Create(CreateTable statement, string defaultSchema, StatementContext context)
    {
        var name = NameOf(statement.Name, defaultSchema);
        if (statement.IfNotExists && Find(name) is not null)
            return [];
        var definition = statement.LikeSource is { } source
            ? Copy(Require(NameOf(source, defaultSchema), "CREATE TABLE ... LIKE"), name)
            : statement.Select is null || statement.StartsTransaction
                ? TableCreation.Create(statement, Rules(context), () => DefaultsOf(name.Schema, defaultSchema, context), _settings.DefaultEngine)
                : throw TrackerErrors.CannotFollow(name.Name, "CREATE TABLE ... SELECT", "only the source knows the columns of the query");
        Set(name, definition);
        return [Stored(name)];
    }

    // MySQL names the checks of the copy anew; no server copies foreign keys.
    private static TableDefinition Copy(TableDefinition source, TableName target)
    {
        var number = 0;
        return source with
        {
            Name = target.Name,
            ForeignKeys = [],
            ServerMadeKeys = [],
            Checks = source.Dialect.Flavour == ServerFlavour.MariaDb ? source.Checks : [.. source.Checks.Select(c => c with { ConstraintName = $"{target.Name}_chk_{++number}" })],
        };
    }

    private List<TableName> Alter(AlterTable statement, string defaultSchema, StatementContext context)
    {
        var name = NameOf(statement.Name, defaultSchema);
        if (statement.IfExists && Find(name) is null)
            return [];
        var changed = new List<TableName>(Alter(statement.Name, statement.Specifications, defaultSchema, context));
        foreach (var specification in statement.Specifications)
        {
            switch (specification)
            {
                case RenameTo rename:
                    var target = NameOf(rename.NewName, defaultSchema);
                    Move(name, target);
                    changed.Add(Stored(target));
                    break;
                case ConvertPartitionToTable convert:
                    var part = NameOf(convert.Table, defaultSchema);
                    Set(part, Copy(Find(name)!, part) with { Partitioning = null });
                    changed.Add(Stored(part));
                    break;
                case ConvertTableToPartition convert:
                    var old = NameOf(convert.Table, defaultSchema);
                    if (Remove(old))
                        changed.Add(Stored(old));
                    break;
                default:
                    break;
            }
        }

        return changed;
    }

    private TableName[] Alter(ObjectName table, IEnumerable<AlterSpecification> specifications, string defaultSchema, StatementContext context)
    {
        var name = NameOf(table, defaultSchema);
        var definition = Require(name, "ALTER TABLE");
        Set(name, TableAlteration.Apply(definition, specifications, Rules(context), () => DefaultsOf(name.Schema, defaultSchema, context)));
        return [Stored(name)];
    }

    private TableName[] AddIndex(CreateIndex statement, string defaultSchema, StatementContext context)
    {
        var exists = Find(NameOf(statement.Table, defaultSchema))?.Keys.Any(k => TableDefinition.ColumnNames.Equals(k.Name, statement.Key.Name)) is true;
        return statement.OrReplace && exists
            ? Alter(statement.Table, [new DropKey(statement.Key.Name!), new AddKey(statement.Key)], defaultSchema, context)
            : Alter(statement.Table, [new AddKey(statement.Key)], defaultSchema, context);
    }

    // A name that isn't tracked may be a view's.
    private List<TableName> Rename(RenameTable statement, string defaultSchema)
    {
        var changed = new List<TableName>();
        foreach (var (from, to) in statement.Pairs)
        {
            var (source, target) = (NameOf(from, defaultSchema), NameOf(to, defaultSchema));
            if (Find(source) is null)
                continue;
            Move(source, target);
            changed.AddRange([Stored(source), Stored(target)]);
        }

        return [.. changed.Distinct()];
    }

    private void Move(TableName from, TableName to)
    {
        var definition = Find(from)!;
        Remove(from);
        Set(to, Renamed(definition, Stored(to).Name));
        foreach (var (name, child) in _tables.Values.ToList())
        {
            if (child.ForeignKeys.Any(f => Key(NameOf(f.Reference.Table, name.Schema)) == Key(from)))
                Set(name, child with { ForeignKeys = [.. child.ForeignKeys.Select(f => Repoint(f, name.Schema, from, to))] });
        }
    }

    private ForeignKeyDefinition Repoint(ForeignKeyDefinition foreignKey, string schema, TableName from, TableName to)
    {
        if (Key(NameOf(foreignKey.Reference.Table, schema)) != Key(from))
            return foreignKey;
        var parent = new ObjectName(_schemas.Comparer.Equals(to.Schema, schema) ? null : to.Schema, to.Name);
        return foreignKey with { Reference = foreignKey.Reference with { Table = parent } };
    }

    private static TableDefinition Renamed(TableDefinition definition, string name) => definition with
    {
        Name = name,
        ForeignKeys = [.. definition.ForeignKeys.Select(f => f with { ConstraintName = ConstraintNames.Renamed(f.ConstraintName!, definition.Name, name, "_ibfk_") })],
        Checks = [.. definition.Checks.Select(c => c with { ConstraintName = ConstraintNames.Renamed(c.ConstraintName!, definition.Name, name, "_chk_") })],
    };

    private TableName[] Create(CreateDatabase statement, StatementContext context)
    {
        if (statement.IfNotExists && _schemas.ContainsKey(statement.Name))
            return [];
        var dropped = statement.OrReplace ? Drop(new DropDatabase(statement.Name)) : [];
        _schemas[statement.Name] = Resolve(statement.Options, ServerDefault(context), context);
        return dropped;
    }

    private TableName[] Alter(AlterDatabase statement, string defaultSchema, StatementContext context)
    {
        var schema = statement.Name ?? defaultSchema;
        if (statement.Options.Any(o => o.Name is "CHARACTER SET" or "COLLATE"))
            _schemas[schema] = Resolve(statement.Options, ServerDefault(context), context);
        return [];
    }

    private TableName[] Drop(DropDatabase statement)
    {
        _schemas.Remove(statement.Name);
        return [.. Tables(statement.Name).Where(Remove)];
    }

    private CharsetChoice Resolve(NodeList<OptionClause> options, CharsetChoice inherited, StatementContext context) =>
        new CharsetRules(_source, context).Resolve(
            options.LastOrDefault(o => o.Name == "CHARACTER SET")?.Value, options.LastOrDefault(o => o.Name == "COLLATE")?.Value, inherited);

    private CharsetChoice ServerDefault(StatementContext context)
    {
        var rules = new CharsetRules(_source, context);
        return (context.ServerCollation ?? _settings.ServerCollation) is { } collation
            ? rules.ByCollation(collation)
            : rules.ByCharset(_source is { Flavour: ServerFlavour.MySql, Version: < 80000 } or { Flavour: ServerFlavour.MariaDb, Version: < 110600 } ? "latin1" : "utf8mb4");
    }

    private CharsetChoice DefaultsOf(string schema, string defaultSchema, StatementContext context)
    {
        if (_schemas.TryGetValue(schema, out var known))
            return known;
        if (context.DatabaseCollation is { } collation && _schemas.Comparer.Equals(schema, defaultSchema))
            return new CharsetRules(_source, context).ByCollation(collation);
        throw new TiFerryException(SchemaErrors.CannotTrack, ErrorScope.Upstream,
            $"the default character set of database {TableName.Quote(schema)} is not known, and the statement names none");
    }

    private TableDefinition Require(TableName name, string clause) =>
        Find(name) ?? throw new TiFerryException(SchemaErrors.CannotTrack, ErrorScope.Upstream, $"{clause} is about table {name}, which is not tracked",
            "set the table's definition as it is behind this statement");

    private static TableName NameOf(ObjectName name, string defaultSchema) => new(name.Schema ?? defaultSchema, name.Name);

    // lower_case_table_names 1 stores names in lower case, 2 as they were written.
    private TableName Stored(TableName name) =>
        _settings.LowerCaseTableNames == 1 ? new TableName(name.Schema.ToLowerInvariant(), name.Name.ToLowerInvariant()) : name;

    private TableName Key(TableName name) =>
        _settings.LowerCaseTableNames == 0 ? name : new TableName(name.Schema.ToLowerInvariant(), name.Name.ToLowerInvariant());
}
