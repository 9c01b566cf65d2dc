using TiFerry.Schema.Ddl.Ast;

namespace TiFerry.Schema.Ddl.Printing;

internal sealed partial class DdlWriter
{
    private void Key(KeyDefinition key)
    {
        Constraint(key.ConstraintName);
        Write(key.Type switch
        {
            KeyType.Primary => "PRIMARY KEY",
            KeyType.Unique => "UNIQUE KEY",
            KeyType.Fulltext => "FULLTEXT KEY",
            KeyType.Spatial => "SPATIAL KEY",
            KeyType.Vector => "VECTOR INDEX",
            KeyType.Columnar => "COLUMNAR INDEX",
            _ => "KEY",
        });
        WriteIf(key.IfNotExists, " IF NOT EXISTS");
        if (key.Name is { } name)
            Write(" ").Name(name);
        Write(" ");
        KeyBody(key);
    }

    private void KeyBody(KeyDefinition key)
    {
        Write("(").List(key.Parts, KeyPart);
        if (key.WithoutOverlaps is { } period)
            Write(key.Parts.Count > 0 ? ", " : "").Name(period).Write(" WITHOUT OVERLAPS");
        Write(")");
        if (key.Algorithm is { } algorithm)
            Write(" USING ").Write(algorithm);
        Clustering(key.Clustering);
        if (key.Parser is { } parser)
            Write(" WITH PARSER ").Name(parser);
        if (key.Comment is { } comment)
            Write(" COMMENT ").Text(comment);
        if (key.IsVisible is { } isVisible)
            Write(isVisible ? " VISIBLE" : " INVISIBLE");
        if (key.IsIgnored is { } isIgnored)
            Write(isIgnored ? " IGNORED" : " NOT IGNORED");
        Options(key.Options);
    }

    private void KeyPart(KeyPart part)
    {
        if (part.Expression is { } expression)
            Write("(").Write(expression.Text).Write(")");
        else
            Name(part.Column!);
        if (part.PrefixLength is { } length)
            Write("(").Write(length).Write(")");
        WriteIf(part.IsDescending, " DESC");
    }

    private void Constraint(string? name, bool ifNotExists = false)
    {
        if (name is null)
            return;
        Write(ifNotExists ? "CONSTRAINT IF NOT EXISTS " : "CONSTRAINT ");
        if (name.Length > 0)
            Name(name).Write(" ");
    }

    private void ForeignKey(ForeignKeyDefinition key)
    {
        Constraint(key.ConstraintName);
        Write("FOREIGN KEY ");
        WriteIf(key.IfNotExists, "IF NOT EXISTS ");
        if (key.IndexName is { } index)
            Name(index).Write(" ");
        Write("(").Names(key.Columns).Write(") ");
        Reference(key.Reference);
    }

    private void Reference(ForeignKeyReference reference)
    {
        Write("REFERENCES ").Name(reference.Table);
        if (reference.Columns.Count > 0)
            Write(" (").Names(reference.Columns).Write(")");
        if (reference.Match is { } match)
            Write(" MATCH ").Write(match);
        Action(" ON DELETE ", reference.OnDelete);
        Action(" ON UPDATE ", reference.OnUpdate);
    }

    private void Action(string change, ReferentialAction action)
    {
        if (action == ReferentialAction.Unspecified)
            return;
        Write(change).Write(action switch
        {
            ReferentialAction.Restrict => "RESTRICT",
            ReferentialAction.Cascade => "CASCADE",
            ReferentialAction.SetNull => "SET NULL",
            ReferentialAction.SetDefault => "SET DEFAULT",
            _ => "NO ACTION",
        });
    }

    private void Check(CheckDefinition check)
    {
        Constraint(check.ConstraintName, check.IfNotExists);
        Write("CHECK (").Write(check.Expression.Text).Write(")");
        if (check.IsEnforced is { } isEnforced)
            Write(isEnforced ? " ENFORCED" : " NOT ENFORCED");
    }

    private void Period(PeriodDefinition period)
    {
        Write(period.IfNotExists ? "PERIOD IF NOT EXISTS FOR " : "PERIOD FOR ");
        PeriodName(period.Name).Write(" (").Name(period.Start).Write(", ").Name(period.End).Write(")");
    }

    private DdlWriter PeriodName(string name) => name == "SYSTEM_TIME" ? Write(name) : Name(name);
}
