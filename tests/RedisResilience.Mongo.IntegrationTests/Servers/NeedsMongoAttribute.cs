namespace RedisResilience.Mongo.IntegrationTests.Servers;

/// <summary>The test uses what only this version of MongoDB and later ones have: on an older one it is left out.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class NeedsMongoAttribute(int major) : PropertyAttribute(Name, major)
{
    public const string Name = "NeedsMongo";
}
