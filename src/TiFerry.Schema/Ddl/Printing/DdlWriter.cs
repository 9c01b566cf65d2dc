using System.Globalization;
using System.Text;
using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Ddl.Printing;

/// <summary>Writes the parts of a statement one behind the other. Every part begins without a space and ends without one.</summary>
/// <param name="dialect">Whose SQL is written.</param>
internal sealed partial class DdlWriter(SqlDialect dialect)
{
    private readonly StringBuilder _sql = new();

    public override string ToString() => _sql.ToString();

    private DdlWriter Write(string text)
    {
        _sql.Append(text);
        return this;
    }

    private DdlWriter Write(long number)
    {
        _sql.Append(number.ToString(CultureInfo.InvariantCulture));
        return this;
    }

    private void WriteIf(bool condition, string text)
    {
        if (condition)
            _sql.Append(text);
    }

    private DdlWriter Name(string name) => Write("`").Write(name.Replace("`", "``", StringComparison.Ordinal)).Write("`");

    private DdlWriter Name(ObjectName name) => Write(name.ToString());

    private DdlWriter Names(IEnumerable<string> names) => List(names, n => Name(n));

    private DdlWriter List<T>(IEnumerable<T> items, Action<T> write)
    {
        var isFirst = true;
        foreach (var item in items)
        {
            WriteIf(!isFirst, ", ");
            write(item);
            isFirst = false;
        }

        return this;
    }

    private DdlWriter Text(string text)
    {
        if (dialect.HasBackslashEscapes)
            text = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\0", "\\0", StringComparison.Ordinal);
        return Write("'").Write(text.Replace("'", "''", StringComparison.Ordinal)).Write("'");
    }

    private void Option(OptionClause option)
    {
        OptionName(option.Name);
        switch (option.ValueKind)
        {
            case OptionValueKind.None:
                break;
            case OptionValueKind.Text:
                Write(Separator(option.Name)).Text(option.Value);
                break;
            case OptionValueKind.Word:
                Write(Separator(option.Name));
                Word(option);
                break;
            default:
                Write(Separator(option.Name)).Write(option.Value);
                break;
        }
    }

    private void OptionName(string name)
    {
        if (name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or ' '))
            Write(name);
        else
            Name(name);
    }

    // These take no "=".
    private static string Separator(string option) => option is "COLUMN_FORMAT" or "STORAGE" or "WHERE" or "SET TIFLASH REPLICA" ? " " : "=";

    private void Word(OptionClause option)
    {
        var isName = option.Name is "TABLESPACE" or "PLACEMENT POLICY" && !option.Value.Equals("DEFAULT", StringComparison.OrdinalIgnoreCase);
        if (!isName && option.Value.Length > 0 && option.Value.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            Write(option.Value);
        else
            Name(option.Value);
    }

    private void Options(IEnumerable<OptionClause> options)
    {
        foreach (var option in options)
        {
            Write(" ");
            Option(option);
        }
    }
}
