using RedisResilience.HttpSemantics;

namespace RedisResilience.Http.Tests.HttpSemantics;

internal sealed class CacheControlTests
{
    [TestCase("max-age=60", 60)]
    [TestCase("MaX-aGe=60", 60)]
    [TestCase("max-age=\"60\"", 60)]
    [TestCase("max-age=0060", 60)]
    [TestCase("foobar, max-age=60", 60)]
    [TestCase(" ,, max-age=60 ,", 60)]
    [TestCase("max-age=2147483647", 2147483647)]
    [TestCase("max-age=2147483648", 2147483648L)]
    [TestCase("max-age=2147483649", 2147483648L)]
    [TestCase("max-age=99999999999999999999999999", 2147483648L)]
    [TestCase("max-age=5, max-age=10", 5)]
    [TestCase("extension=\"max-age=3600\", max-age=1", 1)]
    [TestCase("extension=\"a\\\", max-age=3600\", max-age=1", 1)]
    [TestCase("max-age=-60", 0)]
    [TestCase("max-age='60'", 0)]
    [TestCase("max-age=60.0", 0)]
    [TestCase("max-age=a60", 0)]
    [TestCase("max-age=60a", 0)]
    [TestCase("max-age=", 0)]
    [TestCase("max-age", 0)]
    [TestCase("max-age =60", 0)]
    [TestCase("max-age= 60", 0)]
    [TestCase("max-age=60, extension=\"never closed", 0)]
    [TestCase("extension=\"never closed, max-age=60", 0)]
    [TestCase("max-age=\u0660", 0)]
    public void MaxAge_IsReadOrZero(string line, long expected) =>
        Assert.That(CacheControl.Parse(line).MaxAge, Is.EqualTo(TimeSpan.FromSeconds(expected)));

    [TestCase("")]
    [TestCase("x-max-age=60")]
    [TestCase("extension=\"max-age=3600\"")]
    [TestCase("s-maxage=60")]
    public void MaxAge_IsNullWhereItIsNot(string line) => Assert.That(CacheControl.Parse(line).MaxAge, Is.Null);

    [Test]
    public void Lines_AreRead_InTheirOrder()
    {
        var control = CacheControl.Parse(["max-age=5", null, "no-STORE , max-age=10", "s-maxage=7"]);

        Assert.That((control.MaxAge, control.SharedMaxAge, control.NoStore, control.NoCache), Is.EqualTo(
            ((TimeSpan?)TimeSpan.FromSeconds(5), (TimeSpan?)TimeSpan.FromSeconds(7), true, false)));
    }

    [TestCase("no-cache")]
    [TestCase("no-cache=")]
    [TestCase("no-cache=\"\"")]
    [TestCase("no-cache=\"a")]
    [TestCase("no-cache=\"not names!\u00e9\"")]
    [TestCase("no-cache =x")]
    public void NoCache_IsAboutTheWhole_UnlessItNamesFields(string line)
    {
        var control = CacheControl.Parse(line);

        Assert.That((control.NoCache, control.WithheldFields), Is.EqualTo((true, (string?)null)));
    }

    [Test]
    public void NamedFields_AreTheDirectives_Own()
    {
        var control = CacheControl.Parse("no-cache=\"a, b\", private=\"Set-Cookie\", max-age=60");

        Assert.That((control.NoCache, control.IsPrivate), Is.EqualTo((false, false)));
        Assert.That(StoredFields.Names([control.WithheldFields]), Is.EquivalentTo(new[] { "a", "b" }));
        Assert.That(StoredFields.Names([control.PrivateFields]), Is.EquivalentTo(new[] { "Set-Cookie" }));
    }

    [Test]
    public void RequestDirectives_AreRead()
    {
        var control = CacheControl.Parse("only-if-cached, max-stale, min-fresh=3, no-transform");

        Assert.That(
            (control.OnlyIfCached, control.MinFresh, control.NoTransform), Is.EqualTo((true, (TimeSpan?)TimeSpan.FromSeconds(3), true)));
        Assert.That(control.MaxStale, Is.GreaterThan(TimeSpan.FromDays(365 * 60)));
        Assert.That(CacheControl.Parse("max-stale=5").MaxStale, Is.EqualTo(TimeSpan.FromSeconds(5)));
        Assert.That(CacheControl.Parse("max-stale=x").MaxStale, Is.EqualTo(TimeSpan.Zero), "what cannot be read allows nothing");
    }

    [TestCase("max-age=60", true, 60)]
    [TestCase("foobar, max-age=60;q=1 , public", true, 60)]
    [TestCase("max-age=60,\tmax-age=5", true, 5)]
    [TestCase("max-age=2147483648", true, 2147483648L)]
    [TestCase("max-age=99999999999", true, 2147483648L)]
    [TestCase("max-age=-1", true, 0)]
    [TestCase("max-age=60, &&&", false, null)]
    [TestCase("max-age=\"60\"", false, null)]
    [TestCase("max-age=60.0", false, null)]
    [TestCase("max-age =60", false, null)]
    [TestCase("max-age= 60", false, null)]
    [TestCase("MaX-aGe=60", false, null)]
    [TestCase("max-age=60,", false, null)]
    [TestCase("no-store=1", false, null)]
    [TestCase("max-age=9999999999999999", false, null)]
    [TestCase("", false, null)]
    public void TargetedField_HoldsWhenItIsWellFormed(string line, bool expected, long? maxAge)
    {
        var holds = TargetedCacheControl.TryParse([line], out var control);

        Assert.That((holds, control.MaxAge?.TotalSeconds), Is.EqualTo((expected, (double?)maxAge)));
    }

    [Test]
    public void TargetedFlags_CanBeFalse()
    {
        Assert.That(TargetedCacheControl.TryParse(
            ["no-store, no-cache=?1", "no-store=?0, x=(a \"b\" 1.5;p);q=:YQ==:, y=@5, z=%\"e\""], out var control), Is.True);
        Assert.That((control.NoStore, control.NoCache), Is.EqualTo((false, true)));
    }
}
