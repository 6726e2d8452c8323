namespace RedisResilience.Http.IntegrationTests.Servers;

/// <summary>A call of the API: when its caller began, and when it arrived. Its permit was given in between.</summary>
internal readonly record struct ArrivedCall(TimeSpan BegunAt, TimeSpan ArrivedAt);
