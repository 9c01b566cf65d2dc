using FsCheck;
using FsCheck.Fluent;
using TiFerry.MySql.Protocol;

namespace TiFerry.MySql.Tests;

public sealed class PayloadTests
{
    [Fact]
    public void Any_length_encoded_integer_comes_back() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Choose(0, 64).SelectMany(bits => Gen.Choose(-3, 3).Select(near => (bits == 64 ? 0 : 1UL << bits) + (ulong)(long)near)).ToArbitrary(),
        value =>
        {
            using var packet = new SqlBuffer(0);
            packet.AppendLengthEncoded(value);
            var reader = new PayloadReader(packet.WrittenSpan);
            return reader.ReadLengthEncodedInteger() == value && reader.Remaining == 0;
        }));

    [Fact]
    public void Any_text_row_is_taken_apart() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.OneOf(Gen.Constant(-1), Gen.Choose(0, 300), Gen.Choose(65_000, 66_000)).ArrayOf().ToArbitrary(),
        lengths =>
        {
            using var row = new SqlBuffer(0);
            foreach (var length in lengths)
            {
                if (length < 0)
                    row.Append((byte)0xFB);
                else
                    row.AppendLengthEncoded(Enumerable.Repeat((byte)length, length).ToArray());
            }

            var fields = new int[2 * lengths.Length];
            return RowFields.TryLocateText(row.WrittenSpan, 0, fields)
                && lengths.Select((length, i) => fields[(2 * i) + 1] == length
                    && (length <= 0 || row.WrittenSpan.Slice(fields[2 * i], length).IndexOfAnyExcept((byte)length) < 0)).All(right => right);
        }));
}
