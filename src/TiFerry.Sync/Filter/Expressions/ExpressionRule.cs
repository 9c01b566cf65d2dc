namespace TiFerry.Sync.Filter.Expressions;

/// <summary>
/// One entry of a task file's <c>expression-filter</c> section (DM manual, "Filter DMLs Using SQL Expressions"): a row change for which the expression of its kind
/// is true does not go to the target. Schema and table are exact names on the source. Expressions that are null or empty filter nothing.
/// </summary>
/// <param name="Schema">The source's schema.</param>
/// <param name="Table">The source's table.</param>
/// <param name="InsertValueExpr">Over the values of an inserted row.</param>
/// <param name="UpdateOldValueExpr">Over a changed row's values before; together with <paramref name="UpdateNewValueExpr"/> both must be true.</param>
/// <param name="UpdateNewValueExpr">Over a changed row's values after.</param>
/// <param name="DeleteValueExpr">Over the values of a deleted row.</param>
public sealed record ExpressionRule(
    string Schema, string Table, string? InsertValueExpr = null, string? UpdateOldValueExpr = null, string? UpdateNewValueExpr = null, string? DeleteValueExpr = null);
