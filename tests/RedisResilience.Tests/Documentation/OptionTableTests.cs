using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using RedisResilience.AspNetCore;
using RedisResilience.Dashboard;
using RedisResilience.Http;
using RedisResilience.Mongo;

namespace RedisResilience.Tests.Documentation;

/// <summary>Tables of options say what the code says of type, default and range. A page asks for one with two comments, the first of which
/// names a type, or a type and some of its options. With REDISRESILIENCE_WRITE=1 the tables are written anew.</summary>
internal sealed partial class OptionTableTests
{
    private static readonly Type[] Configured =
    [
        typeof(RedisResilienceOptions), typeof(LocalTierOptions), typeof(RedisResilienceDistributedCacheOptions),
        typeof(RedisResilienceHttpOptions), typeof(RateLimitPolicyOptions), typeof(RedisResilienceMongoOptions),
        typeof(HttpLimitOptions), typeof(HttpCacheOptions), typeof(RedisResilienceDashboardOptions),
    ];

    private static readonly Dictionary<string, Type> Types = Configured.Select(type => type.Assembly).Distinct()
        .SelectMany(assembly => assembly.GetExportedTypes()).DistinctBy(type => type.Name).ToDictionary(type => type.Name);

    private static readonly MarkdownPage[] Pages =
        [.. MarkdownPage.All.Where(page => page.Lines.Any(line => Table().IsMatch(line + "\n\n<!-- end -->")))];

    [TestCaseSource(nameof(Pages))]
    public void EveryTable_SaysWhatTheCodeSays(MarkdownPage page)
    {
        var path = Path.Combine(Repository.Root, page.Name);
        var text = File.ReadAllText(path).ReplaceLineEndings("\n");
        var written = Table().Replace(text, match => $"{match.Groups[1].Value}\n\n{Write(match)}\n<!-- end -->");
        if (Environment.GetEnvironmentVariable("REDISRESILIENCE_WRITE") == "1")
        {
            File.WriteAllText(path, written);
            return;
        }

        Assert.That(text, Is.EqualTo(written), "REDISRESILIENCE_WRITE=1 writes the tables.");
    }

    [TestCaseSource(nameof(Configured))]
    public void EveryOption_StandsOnThePageOfConfiguration(Type options) =>
        Assert.That(File.ReadAllText(Path.Combine(Repository.Root, "docs", "configuration.md")), Does.Contain($"<!-- {options.Name} -->"));

    private static string Write(Match match)
    {
        var options = Types[match.Groups[2].Value];
        var names = match.Groups[3].Value.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        var documentation = XDocument.Load(Path.ChangeExtension(options.Assembly.Location, ".xml"));
        var table = new StringBuilder("| option | type | default | range |\n|---|---|---|---|\n");
        foreach (var property in names.Length == 0 ? options.GetProperties() : names.Select(name => options.GetProperty(name)!))
        {
            table.Append(CultureInfo.InvariantCulture, $"| `{property.Name}` | {NameOf(property.PropertyType)} | ")
                .Append(CultureInfo.InvariantCulture, $"{Cells(documentation, options, property)} |\n");
        }

        return table.ToString();
    }

    private static string Cells(XDocument documentation, Type options, PropertyInfo property)
    {
        var name = $"P:{property.DeclaringType!.FullName}.{property.Name}";
        var member = documentation.Descendants("member").FirstOrDefault(member => member.Attribute("name")!.Value == name);
        var text = member?.Element("value") is { } value ? TextOf(value).Replace("|", "\\|", StringComparison.Ordinal) : "see there.";
        var parts = Sentence().Match(text);
        return text.StartsWith("From", StringComparison.Ordinal)
            ? $"none | {text}" : $"{parts.Groups[1].Value.Replace("Default: ", "", StringComparison.Ordinal)} | {parts.Groups[2].Value}";
    }

    private static string TextOf(XElement element) => Spaces().Replace(
        string.Concat(element.Nodes().Select(node => node switch
        {
            XElement { Name.LocalName: "see" } see => $"`{(see.Attribute("cref") ?? see.Attribute("langword"))!.Value.Split('.')[^1]}`",
            XElement inner => $"`{inner.Value}`",
            _ => node.ToString(),
        })), " ").Trim();

    private static string NameOf(Type type) => Nullable.GetUnderlyingType(type) is { } underlying ? $"{NameOf(underlying)}?"
        : type.IsGenericType ? $"{type.Name.Split('`')[0]}\\<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}\\>"
        : type.Name;

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    // The first sentence and the others: a point within a number ends none.
    [GeneratedRegex(@"^(.*?)\.(?: (.*))?$")]
    private static partial Regex Sentence();

    [GeneratedRegex(@"(<!-- (?!end )(\w+)(?:: ([\w, ]+))? -->)\n.*?\n<!-- end -->", RegexOptions.Singleline)]
    private static partial Regex Table();
}
