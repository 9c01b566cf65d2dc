using TiFerry.Binlog.Compression;
using TiFerry.Core.Errors;

namespace TiFerry.Binlog.Tests.Compression;

public class MariaDbCompressionTests
{
    // What zlib says of a frame that needs a dictionary is neither bad data nor an early end.
    [Fact]
    public void A_frame_that_needs_a_dictionary_is_damage()
    {
        byte[] body = [0x81, 5, 0x78, 0x20, 1, 2, 3, 4, 0x4B, 0x4C, 0x4A, 0x06, 0x00];
        byte[] buffer = [];
        Assert.Throws<TiFerryException>(() => MariaDbCompression.Expand(body, ref buffer));
    }
}
