using System.Text;
using TiFerry.Diff.Rows;
using TiFerry.MySql;

namespace TiFerry.Diff.Tests;

public sealed class JsonFormTests
{
    [Theory]
    [InlineData("150", "1.50e2")]
    [InlineData("150", "150.000")]
    [InlineData("0.001", "1E-3")]
    [InlineData("0", "0.0e10")]
    [InlineData("-0", "-0.0")]
    [InlineData("100000000000000000000", "1e+20")]
    [InlineData("""{"a":1,"b":[1,2]}""", """ { "b" : [ 1 , 2.0 ], "a" : 1 } """)]
    [InlineData("""{"a":2}""", """{"a":1,"a":2}""")]
    [InlineData("\"é\\n\"", "\"\\u00E9\\u000a\"")]
    [InlineData("\"😀\"", "\"\\ud83d\\ude00\"")]
    public void Spellings_of_one_value_have_one_form(string one, string other) => Assert.Equal(Form(one), Form(other));

    [Theory]
    [InlineData("1", "\"1\"")]
    [InlineData("1", "10")]
    [InlineData("0", "-0")]
    [InlineData("0.1", "0.10000000000000000001")]
    [InlineData("null", "\"null\"")]
    [InlineData("[]", "{}")]
    [InlineData("[1,2]", "[2,1]")]
    [InlineData("[[1],2]", "[[1,2]]")]
    [InlineData("""["a","b"]""", """["a\",\"b"]""")]
    [InlineData("""{"a":null}""", "{}")]
    [InlineData("\"a\"", "\"A\"")]
    public void Different_values_have_different_forms(string one, string other) => Assert.NotEqual(Form(one), Form(other));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("'a'")]
    [InlineData("\"\\ud83d\"")]
    [InlineData("1e99999999999999999999")]
    public void What_is_not_json_has_no_form(string text)
    {
        using var form = new SqlBuffer();

        Assert.False(JsonForm.TryWrite(Encoding.UTF8.GetBytes(text), form));
        Assert.Equal(0, form.Length);
    }

    private static string Form(string text)
    {
        using var form = new SqlBuffer();
        Assert.True(JsonForm.TryWrite(Encoding.UTF8.GetBytes(text), form));
        return Encoding.UTF8.GetString(form.WrittenSpan);
    }
}
