using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using RedisResilience.AspNetCore;
using RedisResilience.Dashboard;
using RedisResilience.Http;
using RedisResilience.Mongo;

namespace RedisResilience.Tests.Documentation;

/// <summary>The page names every option with what its documentation says of default and range. With REDISRESILIENCE_WRITE=1 it is written
/// anew.</summary>
internal sealed partial class ConfigurationPageTests
{
    private static readonly string Page = Path.Combine(Repository.Root, "docs", "configuration.md");

    private static readonly Type[] Options =
    [
        typeof(RedisResilienceOptions), typeof(LocalTierOptions), typeof(RedisResilienceDistributedCacheOptions),
        typeof(RedisResilienceHttpOptions),
        typeof(RedisResilienceMongoOptions), typeof(HttpLimitOptions), typeof(HttpCacheOptions), typeof(RedisResilienceDashboardOptions),
    ];

    [TestCaseSource(nameof(Options))]
    public void EveryOption_StandsOnThePageAsTheCodeHasIt(Type options)
    {
        var text = File.ReadAllText(Page).ReplaceLineEndings("\n");
        var place = new Regex($"(?<=<!-- {options.Name} -->\n\n).*?(?=\n<!-- end -->)", RegexOptions.Singleline);
        var table = Table(options);
        if (Environment.GetEnvironmentVariable("REDISRESILIENCE_WRITE") == "1")
        {
            File.WriteAllText(Page, place.Replace(text, table.Replace("$", "$$", StringComparison.Ordinal), 1));
            return;
        }

        Assert.That(place.Match(text).Value, Is.EqualTo(table));
    }

    private static string Table(Type options)
    {
        var documentation = XDocument.Load(Path.ChangeExtension(options.Assembly.Location, ".xml"));
        var table = new StringBuilder("| option | type | default and range |\n|---|---|---|\n");
        foreach (var property in options.GetProperties())
        {
            var member = documentation.Descendants(
                "member").FirstOrDefault(member => member.Attribute("name")!.Value == $"P:{options.FullName}.{property.Name}");
            var value = member?.Element("value") is { } text ? TextOf(text) : "see there";
            table.Append(CultureInfo.InvariantCulture, $"| `{property.Name}` | {NameOf(property.PropertyType)} | "
                + $"{value.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
        }

        return table.ToString();
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
}
