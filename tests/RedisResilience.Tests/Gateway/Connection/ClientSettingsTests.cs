using RedisResilience.Gateway.Connection;
using StackExchange.Redis;
using StackExchange.Redis.Configuration;

namespace RedisResilience.Tests.Gateway.Connection;

internal sealed class ClientSettingsTests
{
    [TestCase("localhost:6379")]
    [TestCase("localhost:6379,abortConnect=true,asyncTimeout=30000,syncTimeout=30000")]
    public void WhateverTheConnectionStringSays_NoCallIsHeldUp(string connectionString)
    {
        var options = Harden(connectionString);
        Assert.That(options.BacklogPolicy.QueueWhileDisconnected, Is.False);
        Assert.That(options.AbortOnConnectFail, Is.False);
        Assert.That((options.AsyncTimeout, options.SyncTimeout), Is.EqualTo((2000, 2000)), "late replies are heard for two seconds");
        Assert.That(options.IncludeDetailInExceptions, Is.False, "exception texts would carry keys");
    }

    [Test]
    public void NothingSaid_OurDefaultsHold()
    {
        var options = Harden("localhost:6379");
        Assert.That(options.ConnectTimeout, Is.EqualTo(2000));
        Assert.That(options.HeartbeatInterval, Is.EqualTo(TimeSpan.FromMilliseconds(100)));
        Assert.That(options.ReconnectRetryPolicy, Is.TypeOf<ReconnectSchedule>());
        var again = options.ReconnectRetryPolicy;
        Assert.That(options.ReconnectRetryPolicy, Is.SameAs(again), "its dice are kept from one heartbeat to the next");
    }

    [Test]
    public void UsersValues_Survive()
    {
        var options = Harden(
            "cache:7000,user=app,password=secret,defaultDatabase=3,ssl=true,sslHost=tls,connectTimeout=777,name=me,keepAlive=17");
        Assert.That(options.EndPoints.Single().ToString(), Does.Contain("cache:7000"));
        Assert.That((options.User, options.Password, options.DefaultDatabase), Is.EqualTo(("app", "secret", (int?)3)));
        Assert.That((options.Ssl, options.SslHost), Is.EqualTo((true, "tls")));
        Assert.That((options.ConnectTimeout, options.ClientName, options.KeepAlive), Is.EqualTo((777, "me", 17)));
    }

    [Test]
    public void TlsImpliedByAManagedServicesPort_Survives() =>
        Assert.That(Harden("mycache.redis.cache.windows.net:6380").Ssl, Is.True);

    [Test]
    public void UsersObject_IsLeftAsItWas()
    {
        var parsed = ConfigurationOptions.Parse("localhost:6379");
        ClientSettings.Harden(parsed, TimeSpan.FromSeconds(1));
        Assert.That(parsed.AbortOnConnectFail, Is.True);
        Assert.That(parsed.BacklogPolicy, Is.SameAs(BacklogPolicy.Default));
    }

    [Test]
    public void ReconnectSchedule_IsOneForGood()
    {
        var defaults = new ClientDefaults(new DefaultOptionsProvider());
        var first = defaults.ReconnectRetryPolicy;
        Assert.That(defaults.ReconnectRetryPolicy, Is.SameAs(first), "a new one at each heartbeat would roll the dice anew");
    }

    [TestCase("localhost:6379")]
    [TestCase("sentinel:26379,sentinel:26380,serviceName=mymaster", Description = "the sentinels are asked")]
    public void OnePrimary_NeedsOneConnection(string connectionString)
    {
        var options = Harden(connectionString);
        Assert.That(options.ServiceName, Is.Null);
        Assert.That(options.CommandMap.ToString(), Does.Contain("$SUBSCRIBE=").And.Contain("$PSUBSCRIBE=").And.Contain("$SSUBSCRIBE="));
        Assert.That((options.ConfigurationChannel, options.TieBreaker), Is.EqualTo(("", "")));
    }

    [TestCase("one:6379,two:6379", Description = "they elect their primary")]
    [TestCase("localhost:6379,$FLUSHALL=", Description = "the command map is the user's own")]
    [TestCase("localhost:6379,proxy=Twemproxy", Description = "the proxy has a command map of its own")]
    public void SubscriptionsMayBeNeeded_AreLeftAlone(string connectionString)
    {
        var expected = ConfigurationOptions.Parse(connectionString);
        var options = Harden(connectionString);
        Assert.That(options.CommandMap.ToString(), Is.EqualTo(expected.CommandMap.ToString()));
        Assert.That(options.TieBreaker, Is.EqualTo(expected.TieBreaker));
    }

    private static ConfigurationOptions Harden(string connectionString) =>
        ClientSettings.Harden(ConfigurationOptions.Parse(connectionString), TimeSpan.FromMilliseconds(700));
}
