namespace TiFerry.Core.Errors;

/// <summary>
/// The identity of an error: the number that users search for, and where it belongs.
/// Numbers, classes and levels are those of DM's error list (dm/errors.toml) where the meaning is the same;
/// numbers from 90000 on are TiFerry's own.
/// </summary>
/// <param name="Number">The code, for example 10001.</param>
/// <param name="Class">The part of the tool it comes from, for example <c>database</c>.</param>
/// <param name="Level"><c>low</c>, <c>medium</c> or <c>high</c>.</param>
public readonly record struct ErrorCode(int Number, string Class, string Level);
