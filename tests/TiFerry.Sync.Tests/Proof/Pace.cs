namespace TiFerry.Sync.Tests.Proof;

/// <summary>How a target follows the statements of a test.</summary>
public enum Pace
{
    /// <summary>All in one run.</summary>
    InOneGo,

    /// <summary>Each in a run of its own that ends in an orderly way.</summary>
    StoppedAfterEach,

    /// <summary>Each in a run of its own, whose orderly end is lost.</summary>
    LostAfterEach,
}
