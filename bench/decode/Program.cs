using System.Diagnostics;
using System.Globalization;
using TiFerry.Bench.Decode;

if (args is not [var file, .. var rest] || !File.Exists(file) || rest.Length > 1)
{
    Console.Error.WriteLine("Usage: decode FILE [PORT]    (a binlog file in row format; the port of the server that has it, to follow it too)");
    return 2;
}

const int Rounds = 5;
var size = new FileInfo(file).Length;
// The first round compiles the code and fills the page cache; it does not count.
TypedDecoding.Run(file);
var seconds = new List<double>();
TypedDecoding result = default;
var allocated = 0L;
for (var round = 0; round < Rounds; round++)
{
    var before = GC.GetAllocatedBytesForCurrentThread();
    var start = Stopwatch.GetTimestamp();
    result = TypedDecoding.Run(file);
    seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
    allocated = GC.GetAllocatedBytesForCurrentThread() - before;
}

seconds.Sort();
var median = seconds[Rounds / 2];
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"{size / 1e6:F0} MB, {result.Events} events, {result.Rows} row images, {result.Values} values, digest {result.Digest:x16}"));
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"{size / 1e6 / median:F0} MB/s (median of {Rounds} rounds of {median:F3} s, one core), {result.Values / median / 1e6:F1} million values/s"));
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(double)allocated / result.Events:F2} bytes allocated per event ({allocated} in all)"));
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seconds {median:F3}"));
if (rest is [var port])
{
    var start = Stopwatch.GetTimestamp();
    var before = GC.GetTotalAllocatedBytes(precise: true);
    var streamed = await TypedDecoding.FollowAsync(Path.GetFileName(file), int.Parse(port, CultureInfo.InvariantCulture));
    var elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
    allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"as a replica: {size / 1e6 / elapsed:F0} MB/s ({elapsed:F3} s), {(double)allocated / streamed.Events:F2} bytes allocated per event, digest {streamed.Digest:x16}"));
    if (streamed.Digest != result.Digest)
        return 1;
}

return 0;
