using System.Globalization;
using System.Net;
using System.Text;
using CsCheck;
using RedisResilience.Gateway;
using RedisResilience.Gateway.ConnectionStrings;

namespace RedisResilience.Tests.Gateway.ConnectionStrings;

internal sealed class ConnectionStringProperties
{
    // Of letters alone, as names of options and schemes are.
    private const string Secret = "SecretMarker";

    private static readonly Gen<Rune> Character = Gen.OneOf(
        Gen.Int[0, 0x7f], Gen.Int[0x80, 0xd7ff], Gen.Int[0xe000, 0x10ffff]).Select(value => new Rune(value));

    private static readonly Gen<string> AnyText = Character.Array[1, 20].Select(string.Concat<Rune>);

    private static readonly Gen<string> Host = Gen.OneOf(
        Gen.Char["abcxyz019"].Array[1, 12].Select(characters => "h" + new string(characters)),
        Gen.UInt.Select(bits => new IPAddress(bits).ToString()),
        Gen.Byte.Array[16].Select(bytes => $"[{new IPAddress(bytes)}]"));

    /// <summary>What people break a string with.</summary>
    private static readonly Gen<string> Fragment = Gen.OneOf(
        "redis://", "rediss://", "http://", "://", ":", "@", "/", "?", "#", "%", "%zz", "%ff", ",", "=", "&", "[", "]", " ", "\t", "!", "+",
        "host", "6379", "99999",
        "user", "password", "password=", "user=", "ssl=", "name=", "defaultDatabase=", "connectTimeout=", "tunnel=", "sslHost=", "unknown=",
            "true", ".", "..");

    [Test]
    public void Url_RoundTrips() =>
        Gen.Select(AnyText, AnyText, Host, Gen.Int[1, 65535], Gen.Int[0, int.MaxValue], Gen.Bool).Sample(
            (user, password, host, port, database, isTls) =>
            {
                var userInfo = $"{Uri.EscapeDataString(user)}:{Uri.EscapeDataString(password)}";
                var url = string.Create(
                    CultureInfo.InvariantCulture, $"{(isTls ? "rediss" : "redis")}://{userInfo}@{host}:{port}/{database}");

                var options = RedisConnectionString.Parse(url, "url");

                return options.User == user
                    && options.Password == password
                    && options.DefaultDatabase == database
                    && options.Ssl == isTls
                    && options.EndPoints is [var endpoint]
                    && endpoint.Equals(ExpectedEndpoint(host, port));
            },
            iter: 2_000);

    [Test]
    public void Password_RoundTripsWhenEveryByteIsEscaped() =>
        AnyText.Sample(
            password =>
            {
                var escaped = string.Concat(Encoding.UTF8.GetBytes(password).Select(octet => $"%{octet:x2}"));

                return RedisConnectionString.Parse($"redis://:{escaped}@h", "url").Password == password;
            },
            iter: 2_000);

    [Test]
    public void MalformedString_NeverShowsThePassword() =>
        Gen.Select(Fragment.Array[0, 5], Fragment.Array[0, 5]).Sample(
            (before, after) =>
            {
                var text = string.Concat(before) + Secret + string.Concat(after);
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
            Gen.OneOf($"redis://default:{Secret}@host:6379/0?name=x", $"host:6379,user=u,password={Secret},ssl=true",
            $"rediss://:{Secret}@h1:1,h2:2"),
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

    /// <summary>A password of any kind with whatever ends a part of a string in its midst: no piece of it is quoted.</summary>
    [Test]
    public void PasswordInPieces_NeverShowsOne() =>
        Gen.Select(
            Gen.Char["qwxzjk"].Array[5, 12].Select(letters => new string(letters)).Array[2, 4],
            Gen.OneOf(Gen.Const(
            "="), Gen.Const(","), Gen.Const("://"), Gen.Const("@"), Gen.Const(":"), Gen.Const("&"), Gen.Const("?"), Gen.Const("=,")),
            Gen.OneOf(
                "localhost:6379,{0}=", "{0}=,localhost", "localhost,password={0}", "redis://:{0}@h", "redis://h?{0}=1", "{0}",
                "rediss://{0}", "h,{0}=x,ssl=true")).Sample(
            (pieces, separator, form) =>
            {
                try
                {
                    _ = RedisConnectionString.Parse(
                        string.Format(CultureInfo.InvariantCulture, form, string.Join(separator, pieces)), "connectionString");
                }
                catch (ArgumentException malformed)
                {
                    Assert.That(pieces.Where(piece => malformed.ToString().Contains(piece, StringComparison.OrdinalIgnoreCase)), Is.Empty);
                }
            },
            iter: 60_000);

    private static EndPoint ExpectedEndpoint(string host, int port) =>
        IPAddress.TryParse(host, out var address) ? new IPEndPoint(address, port) : new DnsEndPoint(host, port);
}
