namespace RedisResilience.Mongo.Registration;

/// <summary>Among the services: <c>AddChangeStreamInvalidation</c> was called.</summary>
internal sealed class ChangesAreFollowed;
