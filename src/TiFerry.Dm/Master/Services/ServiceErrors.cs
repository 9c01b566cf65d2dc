using TiFerry.Core.Errors;

namespace TiFerry.Dm.Master.Services;

/// <summary>Why a request is refused.</summary>
internal static class ServiceErrors
{
    public static TiFerryException InvalidOperation<T>(T operation, string onWhat)
        where T : struct, Enum => new(MasterErrors.InvalidOperation, ErrorScope.Internal, $"invalid op {operation} on {onWhat}");

    public static TiFerryException InvalidMemberType(string type) => new(MasterErrors.InvalidMemberType, ErrorScope.Internal, $"offline member type {type} is invalid", "Please use master/worker.");

    public static TiFerryException NoSuchMaster(string name) => new(MasterErrors.NoSuchMaster, ErrorScope.Internal, $"dm-master with name {name} not exists", "Please use list-member command to see masters.");

    public static TiFerryException NotYet(string what) =>
        new(MasterErrors.NotYet, ErrorScope.Internal, $"{what} is not available in this version, it comes with a later one");

    /// <summary>A refusal in words that stand alone, as DM gives some.</summary>
    public static RefusedException Refused(string words) => new(words);
}
