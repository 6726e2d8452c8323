using System.Reflection;

namespace RedisResilience.Tests.Architecture;

/// <summary>The arrows of the design: who may name whom.</summary>
internal sealed class ArrowTests
{
    private const string Core = "RedisResilience";
    private const string AspNetCore = "RedisResilience.AspNetCore";
    private const string Dashboard = "RedisResilience.Dashboard";
    private const string Http = "RedisResilience.Http";
    private const string Mongo = "RedisResilience.Mongo";
    private const string RateLimiting = "RedisResilience.RateLimiting";
    private const string Caching = "RedisResilience.Caching";
    private const string Gateway = "RedisResilience.Gateway";
    private const string Diagnostics = "RedisResilience.Diagnostics";
    private const string Registration = "RedisResilience.Registration";
    private const string Extensions = "Microsoft.Extensions.DependencyInjection";

    [TestCase(RateLimiting, Caching)]
    [TestCase(RateLimiting, Registration)]
    [TestCase(Caching, RateLimiting)]
    [TestCase(Caching, Registration)]
    [TestCase(Gateway, RateLimiting)]
    [TestCase(Gateway, Caching)]
    [TestCase(Gateway, Registration)]
    [TestCase(Diagnostics, RateLimiting)]
    [TestCase(Diagnostics, Caching)]
    [TestCase(Diagnostics, Gateway)]
    [TestCase(Diagnostics, Registration)]
    public void OneNamespace_DoesNotNameTheOther(string from, string to)
    {
        var ofFrom = ReferencesOf(Core).Where(reference => Reference.IsIn(reference.From, from)).ToArray();
        Assert.That(ofFrom, Is.Not.Empty, "the namespace has another name now");
        Assert.That(ofFrom.Where(reference => Reference.IsIn(reference.To, to)), Is.Empty);
    }

    [Test]
    public void RedisClient_IsNamedByGatewayAndRegistrationAlone()
    {
        var ofClient = ReferencesOf(Core).Where(reference => IsInAny(reference.To, "StackExchange.Redis", "RESPite")).ToArray();
        Assert.That(ofClient.Where(reference => !IsInAny(reference.From, Gateway, Registration, Extensions)
            && !IsPart(reference.From, typeof(RedisResilienceOptions))), Is.Empty);
        Assert.That(ofClient.Select(
            reference => reference.To.FullName), Does.Contain("StackExchange.Redis.IDatabase").And.Contain("RESPite.Messages.RespReader"));
    }

    [TestCase(AspNetCore, RateLimiting, Caching, Diagnostics)]
    [TestCase(Dashboard, AspNetCore, RateLimiting, Caching, Diagnostics)]
    [TestCase(Http, RateLimiting, Caching, Diagnostics)]
    [TestCase(Mongo, Caching, RateLimiting, Diagnostics)]
    public void Package_NamesOnlyWhatItBuildsOn(string package, params string[] allowed) => Assert.That(
        ReferencesOf(package).Where(reference =>
            reference.To.Assembly != reference.From.Assembly && Reference.IsIn(reference.To, Core)
            && reference.To.Namespace != Core && !IsInAny(reference.To, allowed)),
        Is.Empty);

    [TestCase(AspNetCore)]
    [TestCase(Dashboard)]
    [TestCase(Http)]
    [TestCase(Mongo)]
    public void OtherPackages_DoNotNameTheRedisClient(string package) =>
        Assert.That(ReferencesOf(package).Where(reference => IsInAny(reference.To, "StackExchange.Redis", "RESPite")), Is.Empty);

    [TestCase(Core)]
    [TestCase(AspNetCore)]
    [TestCase(Dashboard)]
    [TestCase(Http)]
    [TestCase(Mongo)]
    public void Library_DoesNotWriteToTheConsole(string package) =>
        Assert.That(ReferencesOf(package).Where(reference => reference.To == typeof(Console)), Is.Empty);

    [TestCase(Core)]
    [TestCase(AspNetCore)]
    [TestCase(Dashboard)]
    [TestCase(Http)]
    [TestCase(Mongo)]
    public void ClassThatIsNotPublic_IsSealedOrAbstract(string package) => Assert.That(
        Assembly.Load(package).GetTypes().Where(type => type is { IsClass: true, IsVisible: false, IsSealed: false, IsAbstract: false }
            && !type.Name.Contains('<', StringComparison.Ordinal)),
        Is.Empty);

    // Its ConfigureConnection hands the client's own configuration to the application.
    private static bool IsPart(Type type, Type whole) => type == whole || type.DeclaringType == whole;

    private static IEnumerable<Reference> ReferencesOf(string assembly) => References.Of(Assembly.Load(assembly));

    private static bool IsInAny(Type type, params string[] namespaces) => namespaces.Any(@namespace => Reference.IsIn(type, @namespace));
}
