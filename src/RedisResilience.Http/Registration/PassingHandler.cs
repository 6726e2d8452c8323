namespace RedisResilience.Http.Registration;

/// <summary>A handler that does nothing.</summary>
internal sealed class PassingHandler : DelegatingHandler;
