using TiFerry.Binlog;
using TiFerry.Core.Errors;
using TiFerry.Schema.Lexing;
using TiFerry.Sync.Operations;

namespace TiFerry.Sync.Tests.Operations;

/// <summary>Operations as the caller sees them.</summary>
public class BinlogOperationsTests
{
    private static readonly BinlogPosition First = new("binlog.000009", 500);
    private static readonly BinlogPosition Second = new("binlog.000010", 4);
    private readonly BinlogOperations _operations = new();

    [Fact]
    public void They_are_listed_in_the_order_of_the_binlog_and_the_last_for_a_position_holds()
    {
        _operations.Skip(Second);
        _operations.Skip(First);
        _operations.Replace(First, ["ALTER TABLE d.t ADD a INT"], SqlDialect.MySql);
        Assert.Equal([(First, BinlogOperationKind.Replace), (Second, BinlogOperationKind.Skip)], _operations.List().Select(o => (o.Position, o.Kind)));
        Assert.Equal([Second], _operations.List(First with { Position = 501 }).Select(o => o.Position));
        Assert.Equal(_operations.List(), new BinlogOperations(_operations.List()).List());
    }

    [Fact]
    public void A_revert_needs_an_operation_that_had_no_effect()
    {
        _operations.Skip(First);
        _operations.Revert(First);
        Assert.Null(_operations.Meet(First));
        Assert.Equal(SyncErrors.OperationMissing, Assert.Throws<TiFerryException>(() => _operations.Revert(First)).Code);
        _operations.Skip(First);
        Assert.NotNull(_operations.Meet(First));
        Assert.Empty(_operations.Pass(Second));
        Assert.Equal(SyncErrors.OperationMissing, Assert.Throws<TiFerryException>(() => _operations.Revert(First)).Code);
    }

    [Fact]
    public void What_the_checkpoint_passes_without_a_statement_is_told()
    {
        _operations.Skip(First);
        _operations.Skip(Second);
        Assert.Empty(_operations.Pass(First));
        Assert.Equal([First], _operations.Pass(First with { Position = 501 }).Select(o => o.Position));
        Assert.Equal([Second], _operations.List().Select(o => o.Position));
    }

    [Fact]
    public void Without_a_position_the_statement_is_meant_that_the_unit_stopped_at()
    {
        Assert.Equal(SyncErrors.OperationMissing, Assert.Throws<TiFerryException>(() => _operations.Skip(null)).Code);
        _operations.StopAt(Second);
        _operations.Inject(null, ["CREATE DATABASE d"], SqlDialect.MariaDb);
        Assert.Equal(Second, Assert.Single(_operations.List()).Position);
        _operations.Revert(null);
        Assert.Empty(_operations.List());
    }

    [Theory]
    [InlineData("ALTER TABLE t ADD a INT", 36024)]
    [InlineData("ALTER TABLE d.t ADD a INT; DROP TABLE d.t", 11006)]
    [InlineData("ALTER TABL d.t ADD a INT", 36064, 11006)]
    [InlineData("ALTER TABLE d.t ADD a", 11006)]
    [InlineData("INSERT INTO d.t VALUES (1)", 36064)]
    [InlineData("CREATE TEMPORARY TABLE d.t (a INT)", 36064)]
    [InlineData("", 36064)]
    public void Statements_are_schema_changes_with_full_names(string statement, params int[] codes)
    {
        var error = Assert.Throws<TiFerryException>(() => _operations.Replace(First, ["CREATE TABLE d.u (a INT)", statement], SqlDialect.MySql));
        Assert.Contains(error.Code.Number, codes);
        Assert.Empty(_operations.List());
        Assert.Throws<TiFerryException>(() => _operations.Inject(First, [], SqlDialect.MySql));
    }
}
