namespace RedisResilience.Mongo.Registration;

/// <summary>Registered as a service when <c>AddChangeStreamInvalidation</c> was called.</summary>
internal sealed class ChangesAreFollowed;
