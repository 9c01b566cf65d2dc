using System.Buffers;
using System.Text.RegularExpressions;

namespace TiFerry.Core.Secrets;

/// <summary>Takes passwords out of texts that come from elsewhere: URLs, statements, servers' messages. When in doubt it hides too much.</summary>
public static partial class SecretText
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    // A quoted literal, also one that is cut off.
    private const string Literal = """(?:'(?:[^'\\]|\\.|'')*'?|"(?:[^"\\]|\\.|"")*"?)""";

    private static readonly SearchValues<string> Signs = SearchValues.Create(["://", "password", "passwd", "pwd", "identified", "@tcp(", "@unix(", "secret", "access-key", "access_key"], StringComparison.OrdinalIgnoreCase);

    /// <summary>A URL with its password hidden: <c>mysql://root:******@host:3306/</c>. Other text comes back as it is.</summary>
    public static string MaskUrl(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        var at = url.LastIndexOf('@');
        if (scheme < 0 || at < scheme)
            return Mask(url);
        var colon = url.IndexOf(':', scheme + 3);
        return colon < 0 || colon > at ? Mask(url) : string.Concat(url.AsSpan(0, colon + 1), Secret.Mask, MaskAssignments(url[at..]));
    }

    /// <summary>
    /// Any text with the passwords hidden that can be told: in URLs and driver DSNs, behind IDENTIFIED BY and the like,
    /// in assignments such as <c>password = '...'</c>, <c>"password":"..."</c>, <c>--password=...</c>.
    /// </summary>
    public static string Mask(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.AsSpan().ContainsAny(Signs))
            return text;
        text = UrlPassword().Replace(text, "${head}" + Secret.Mask + "@");
        text = DsnPassword().Replace(text, "${head}" + Secret.Mask + "${tail}");
        if (text.Contains("identified", StringComparison.OrdinalIgnoreCase))
            text = IdentifiedBy().Replace(text, "${head}'" + Secret.Mask + "'");
        return MaskAssignments(text);
    }

    private static string MaskAssignments(string text) => Assignment().Replace(text, "${head}" + Secret.Mask);

    // A password may hold '@', '/' and quotes, so it reaches to the last '@' before a space.
    [GeneratedRegex(@"(?<head>[a-z][a-z0-9+.-]*://[^\s:/@]*:)\S*@", Options)]
    private static partial Regex UrlPassword();

    // user:password@tcp(host:port)/
    [GeneratedRegex(@"(?<head>[^\s:/@'""]+:)\S*(?<tail>@(?:tcp|unix)\()", Options)]
    private static partial Regex DsnPassword();

    [GeneratedRegex(@"(?<head>\b(?:BY|AS|USING|REPLACE|PASSWORD)\b\s*\(?\s*)" + Literal, Options)]
    private static partial Regex IdentifiedBy();

    // The server's "(using password: YES)" says nothing secret.
    [GeneratedRegex(
        @"(?<head>(?:\w*password\w*|\w*passwd|\bpwd|\w*secret[-_]?(?:access[-_]?)?key|\w*access[-_]?key)""?(?:\s+FOR\s+[^=]*)?(?:\s*[=:(]\s*|\s+(?=['""]))(?:PASSWORD\s*\(\s*)?)(?!YES\)|NO\)|['""]?\*{6})(?:" + Literal + @"|[^\s,;&)'""]+)",
        Options)]
    private static partial Regex Assignment();
}
