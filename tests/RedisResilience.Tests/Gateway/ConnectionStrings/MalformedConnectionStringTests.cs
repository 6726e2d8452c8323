using RedisResilience.Gateway;
using RedisResilience.Gateway.ConnectionStrings;

namespace RedisResilience.Tests.Gateway.ConnectionStrings;

internal sealed class MalformedConnectionStringTests
{
    [TestCase("redis://", "host of endpoint 1")]
    [TestCase("redis:///2", "host of endpoint 1")]
    [TestCase("redis://u:p@", "host of endpoint 1")]
    [TestCase("redis://u:p@:6379", "host of endpoint 1")]
    [TestCase("redis://h1,", "host of endpoint 2")]
    [TestCase("redis://h1,,h2", "host of endpoint 2")]
    [TestCase("redis://h%41", "host of endpoint 1")]
    [TestCase("redis://a..b", "host of endpoint 1")]
    [TestCase("redis://[zz]:1", "host of endpoint 1")]
    [TestCase("redis://[127.0.0.1]:1", "host of endpoint 1")]
    [TestCase("redis://h:", "port of endpoint 1")]
    [TestCase("redis://h:abc", "port of endpoint 1")]
    [TestCase("redis://h:0", "port of endpoint 1")]
    [TestCase("redis://h:-1", "port of endpoint 1")]
    [TestCase("redis://h:+1", "port of endpoint 1")]
    [TestCase("redis://h:65536", "port of endpoint 1")]
    [TestCase("redis://h:99999999999", "port of endpoint 1")]
    [TestCase("redis://h:1,h:2:3", "port of endpoint 2")]
    [TestCase("redis://[::1]x", "port of endpoint 1")]
    [TestCase("redis://::1", "brackets")]
    [TestCase("redis://[::1", "brackets")]
    [TestCase("redis://h/x", "path")]
    [TestCase("redis://h/-1", "path")]
    [TestCase("redis://h/1/2", "path")]
    [TestCase("redis://h//", "path")]
    [TestCase("redis://h/99999999999", "path")]
    [TestCase("redis://h/%32", "path")]
    [TestCase("redis://u:a/b@h", "%2F")]
    [TestCase("redis://u:a?b@h", "%3F")]
    [TestCase("redis://u:a#b@h", "%23")]
    [TestCase("redis://u:a@b@h", "%40")]
    [TestCase("redis://u:a b@h", "%20")]
    [TestCase("redis://u:p@h1,u:p@h2", "more than one '@'")]
    [TestCase("redis://h#x", "fragment")]
    [TestCase("redis://h/1#", "fragment")]
    [TestCase("redis://a b", "white space")]
    [TestCase("redis://h:1 /2", "white space")]
    [TestCase("redis://h\u00001", "control")]
    [TestCase("redis://:%zz@h", "password")]
    [TestCase("redis://:%4@h", "password")]
    [TestCase("redis://:%@h", "password")]
    [TestCase("redis://:%+1@h", "password")]
    [TestCase("redis://:%FF@h", "password")]
    [TestCase("redis://%ED%A0%80:p@h", "user")]
    [TestCase("redis://h?name=x&nonsense=1", "Option 2 is not known")]
    [TestCase("redis://h?connectTimeout=soon", "'connectTimeout'")]
    [TestCase("redis://h?password=x", "'password'")]
    [TestCase("redis://h?SSL=true", "'SSL'")]
    [TestCase("redis://h?defaultDatabase=1", "'defaultDatabase'")]
    [TestCase("redis://h?name", "query")]
    [TestCase("redis://h?name=a,b=c", "query")]
    [TestCase("redis://h?name=%zz", "query")]
    [TestCase("http://h", "'http'")]
    [TestCase("https://u:p@h", "'https'")]
    [TestCase("mongodb://h", "'mongodb'")]
    [TestCase("Redis+Sentinel://h", "'redis+sentinel'")]
    [TestCase("unix:///tmp/x", "'unix'")]
    public void Url_SaysWhatIsWrong(string url, string part) => AssertRefused(url, part);

    [TestCase("hunter://h", "The scheme is neither")]
    public void TextThatMayBeASecret_IsNotQuoted(string url, string part)
    {
        AssertRefused(url, part);
        Assert.That(
            () => RedisConnectionString.Parse(url, "connectionString"), Throws.ArgumentException.With.Message.Not.Contains("hunter"));
    }

    [TestCase("ssl=true", "no endpoint")]
    [TestCase(",,", "no endpoint")]
    [TestCase("!", "host of endpoint 1")]
    [TestCase(":6379", "host of endpoint 1")]
    [TestCase("a b", "host of endpoint 1")]
    [TestCase("=x", "host of endpoint 1")]
    [TestCase("h,h2:port", "port of endpoint 2")]
    [TestCase("h:notaport", "port of endpoint 1")]
    [TestCase("h:0", "port of endpoint 1")]
    [TestCase("h:-1", "port of endpoint 1")]
    [TestCase("h:99999", "port of endpoint 1")]
    [TestCase("h:", "port of endpoint 1")]
    [TestCase("h: 6379", "port of endpoint 1")]
    [TestCase("::1:6379", "brackets")]
    [TestCase("h:6379/2", "Endpoint 1")]
    [TestCase("u:p@h:6379", "Endpoint 1")]
    [TestCase("://h", "Endpoint 1")]
    [TestCase("h,redis://h2", "Endpoint 2")]
    [TestCase("h,ssl=true,nonsense=1", "Option 2 is not known")]
    [TestCase("h,ssl=maybe", "'ssl'")]
    [TestCase("h,password=p,ssl=maybe", "'ssl'")]
    [TestCase("h,defaultDatabase=x", "'defaultDatabase'")]
    [TestCase("h,defaultDatabase=-1", "'defaultDatabase'")]
    [TestCase("h,connectTimeout=0", "'connectTimeout'")]
    [TestCase("h,asyncTimeout=-1", "'asyncTimeout'")]
    [TestCase("h,tunnel=x", "'tunnel'")]
    [TestCase("h,password=a,b", "comma")]
    [TestCase("h,password=a,b=c", "comma")]
    public void StackExchangeString_SaysWhatIsWrong(string text, string part) => AssertRefused(text, part);

    // Not a test case: an attribute's arguments are UTF-8 and would lose the lone surrogate.
    [Test]
    public void LoneSurrogate_IsRefused() => AssertRefused("redis://:\ud800@h", "password");

    private static void AssertRefused(string text, string part)
    {
        Assert.That(
            () => RedisConnectionString.Parse(text, "connectionString"),
            Throws.TypeOf<ArgumentException>()
                .With.Property(nameof(ArgumentException.ParamName)).EqualTo("connectionString")
                .And.Message.Contains(part)
                .And.InnerException.Null);
    }
}
