namespace TiFerry.Sync.Filter;

/// <summary><c>action</c> of a binlog event filter, and what its rules decide for an event.</summary>
public enum FilterAction
{
    /// <summary>Carry the event; as a rule: carry nothing but what the rule names.</summary>
    Do,

    /// <summary>Leave the event out.</summary>
    Ignore,

    /// <summary>Stop with an error.</summary>
    Error,
}
