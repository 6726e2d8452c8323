namespace RedisResilience.Gateway.ConnectionStrings;

/// <summary>Says what is wrong with a connection string. Never leaves <see cref="RedisConnectionString"/>.</summary>
/// <remarks>
/// The message never quotes the text of an endpoint, a user or a value: a string that is malformed may have its password anywhere. Only
/// a well-known scheme and the name of an option that the client knows are quoted.
/// </remarks>
internal sealed class MalformedConnectionStringException(string message) : Exception(message);
