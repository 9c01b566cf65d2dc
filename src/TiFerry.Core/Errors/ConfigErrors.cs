namespace TiFerry.Core.Errors;

/// <summary>Errors in what the user wrote: options, files, filters. DM's class <c>config</c> (20000 to 20999) and own numbers from 90001.</summary>
public static class ConfigErrors
{
    /// <summary>A configuration file in TOML, or a setting of a command line, cannot be used.</summary>
    public static readonly ErrorCode BadConfig = new(20002, "config", "medium");

    /// <summary>A configuration file in YAML cannot be used.</summary>
    public static readonly ErrorCode BadYaml = new(20003, "config", "medium");

    /// <summary>A file that an option names cannot be read.</summary>
    public static readonly ErrorCode CannotReadFile = new(20018, "config", "medium");

    /// <summary>A time zone is not known.</summary>
    public static readonly ErrorCode BadTimeZone = new(20008, "config", "medium");

    /// <summary>An <c>online-ddl-scheme</c> is not known.</summary>
    public static readonly ErrorCode BadOnlineDdlScheme = new(20007, "config", "medium");

    /// <summary>The rules of a binlog event filter can't be used.</summary>
    public static readonly ErrorCode BadBinlogFilter = new(20037, "config", "high");

    /// <summary>An expression filter has expressions for more than one kind of change.</summary>
    public static readonly ErrorCode ManyExpressions = new(20039, "config", "high");

    /// <summary>An expression filter lacks its schema or table.</summary>
    public static readonly ErrorCode NoExpressionTable = new(20042, "config", "high");

    /// <summary>The rules of a block-allow-list can't be used.</summary>
    public static readonly ErrorCode BadBlockAllowList = new(20044, "config", "high");

    /// <summary>The rules of table routing can't be used, or more than one fits a table.</summary>
    public static readonly ErrorCode BadRoute = new(20045, "config", "high");

    /// <summary>A shadow or trash table rule of online DDL is no usable regular expression.</summary>
    public static readonly ErrorCode BadOnlineDdlRule = new(20048, "config", "high");

    /// <summary>An online DDL's rename fits only one of shadow and trash table rules.</summary>
    public static readonly ErrorCode OnlineDdlRulesDiffer = new(20049, "config", "high");

    /// <summary>The duration of the automatic safe mode can't be read.</summary>
    public static readonly ErrorCode BadSafeModeDuration = new(20060, "config", "medium");

    /// <summary>Safe mode is on and its duration is zero.</summary>
    public static readonly ErrorCode SafeModeContradiction = new(20061, "config", "low");

    /// <summary>The file of <c>secret-key-path</c> holds no key.</summary>
    public static readonly ErrorCode BadSecretKey = new(20067, "config", "high");

    /// <summary>A password is to be encrypted or decrypted, and there is no key.</summary>
    public static readonly ErrorCode NoSecretKey = new(20010, "config", "medium");

    /// <summary>A text is nothing that the secret key encrypted.</summary>
    public static readonly ErrorCode NotEncrypted = new(11048, "functional", "high");

    /// <summary>A table filter pattern cannot be read.</summary>
    public static readonly ErrorCode BadTableFilter = new(90001, "config", "high");

    /// <summary>An option has a value that it cannot have, or options contradict each other.</summary>
    public static readonly ErrorCode BadOption = new(90002, "config", "high");

    /// <summary>A task goes on with other settings than it began with.</summary>
    public static readonly ErrorCode TaskDiffers = new(90003, "config", "high");

    /// <summary>A start position is needed and not given.</summary>
    public static readonly ErrorCode NoStart = new(90004, "config", "high");

    /// <summary>A start time lies behind the end of the binlog.</summary>
    public static readonly ErrorCode StartTimeTooLate = new(20057, "config", "high");
}
