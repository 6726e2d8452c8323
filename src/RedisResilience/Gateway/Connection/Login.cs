namespace RedisResilience.Gateway.Connection;

/// <summary>Who a connection logs in as. A token is a password that changes.</summary>
internal sealed record Login(string? User, string? Password)
{
    // A record would print its password.
    public override string ToString() => nameof(Login);
}
