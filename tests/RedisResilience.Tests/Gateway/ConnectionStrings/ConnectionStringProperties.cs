using System.Globalization;
using System.Net;
using CsCheck;
using RedisResilience.Gateway;
using StackExchange.Redis;

namespace RedisResilience.Tests.Gateway.ConnectionStrings;

internal sealed class ConnectionStringProperties
{
    private const string Secret = "S3cret~Marker";

    private static readonly Gen<string> AnyText = Gen.String.Where(text => text.Length > 0 && IsWellFormed(text));

    private static readonly Gen<string> Host = Gen.OneOf(
        Gen.Char["abcxyz019"].Array[1, 12].Select(characters => "h" + new string(characters)),
        Gen.UInt.Select(bits => new IPAddress(bits).ToString()),
        Gen.Byte.Array[16].Select(bytes => $"[{new IPAddress(bytes)}]"));

    /// <summary>What people break a string with, and the places where the secret may then come to stand.</summary>
    private static readonly Gen<string> Fragment = Gen.OneOfConst(
        "redis://", "rediss://", "http://", "://", ":", "@", "/", "?", "#", "%", "%zz", "%ff", ",", "=", "&", "[", "]", " ", "\t", "!", "+", "host", "6379", "99999",
        "user", "password", "password=", "user=", "ssl=", "name=", "defaultDatabase=", "connectTimeout=", "tunnel=", "sslHost=", "unknown=", "true", ".", "..", Secret);

    [Test]
    public void Url_RoundTrips() =>
        Gen.Select(AnyText, AnyText, Host, Gen.Int[1, 65535], Gen.Int[0, int.MaxValue], Gen.Bool).Sample((user, password, host, port, database, isTls) =>
        {
            var scheme = isTls ? "rediss" : "redis";
            var url = string.Create(CultureInfo.InvariantCulture, $"{scheme}://{Uri.EscapeDataString(user)}:{Uri.EscapeDataString(password)}@{host}:{port}/{database}");

            var options = RedisConnectionString.Parse(url, "url");

            return options.User == user
                && options.Password == password
                && options.DefaultDatabase == database
                && options.Ssl == isTls
                && options.EndPoints is [var endpoint]
                && endpoint.Equals(ExpectedEndpoint(host, port));
        });

    [Test]
    public void Password_RoundTripsWhenEveryByteIsEscaped() =>
        AnyText.Sample(password =>
        {
            var escaped = string.Concat(System.Text.Encoding.UTF8.GetBytes(password).Select(octet => $"%{octet:x2}"));

            return RedisConnectionString.Parse($"redis://:{escaped}@h", "url").Password == password;
        });

    [Test]
    public void MalformedString_NeverShowsThePassword() =>
        Fragment.Array[1, 10].Select(string.Concat).Where(text => text.Contains(Secret, StringComparison.Ordinal)).Sample(
            text =>
            {
                try
                {
                    _ = RedisConnectionString.Parse(text, "connectionString");
                }
                catch (ArgumentException malformed)
                {
                    Assert.That(malformed.ToString(), Does.Not.Contain(Secret).IgnoreCase);
                    Assert.That(malformed.InnerException, Is.Null);
                    Assert.That(malformed.Data, Is.Empty);
                }
            },
            iter: 20_000);

    [Test]
    public void BrokenValidString_NeverShowsThePassword() =>
        Gen.Select(
            Gen.OneOfConst($"redis://default:{Secret}@host:6379/0?name=x", $"host:6379,user=u,password={Secret},ssl=true", $"rediss://:{Secret}@h1:1,h2:2"),
            Gen.Int[0, 60],
            Gen.Int[0, 3],
            Fragment).Sample(
            (valid, at, removed, inserted) =>
            {
                at = Math.Min(at, valid.Length);
                var text = valid.Remove(at, Math.Min(removed, valid.Length - at)).Insert(at, inserted);
                try
                {
                    _ = RedisConnectionString.Parse(text, "connectionString");
                }
                catch (ArgumentException malformed)
                {
                    Assert.That(malformed.ToString(), Does.Not.Contain("cret").IgnoreCase.And.Not.Contain("mark").IgnoreCase);
                }
            },
            iter: 20_000);

    private static EndPoint ExpectedEndpoint(string host, int port) =>
        IPAddress.TryParse(host, out var address) ? new IPEndPoint(address, port) : new DnsEndPoint(host, port);

    private static bool IsWellFormed(string text) => text.EnumerateRunes().All(rune => rune != System.Text.Rune.ReplacementChar);
}
