namespace RedisResilience.Http.Registration;

/// <summary>Stands where there is nothing to do.</summary>
internal sealed class PassingHandler : DelegatingHandler;
