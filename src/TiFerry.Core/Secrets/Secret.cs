namespace TiFerry.Core.Secrets;

/// <summary>A password or key. It prints as <c>******</c>, so that it cannot get into a message or a log by accident.</summary>
/// <param name="value">The secret itself; may be empty.</param>
public sealed class Secret(string value) : IEquatable<Secret>
{
    /// <summary>What is printed in place of a secret.</summary>
    public const string Mask = "******";

    private readonly string _value = value;

    /// <summary>Whether it is the empty text.</summary>
    public bool IsEmpty => _value.Length == 0;

    /// <summary>The secret itself, for those who must send it.</summary>
    public string Reveal() => _value;

    /// <inheritdoc/>
    public override string ToString() => Mask;

    /// <inheritdoc/>
    public bool Equals(Secret? other) => other is not null && string.Equals(_value, other._value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Secret);

    /// <inheritdoc/>
    public override int GetHashCode() => string.GetHashCode(_value, StringComparison.Ordinal);
}
