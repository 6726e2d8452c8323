using System.Globalization;
using CsCheck;
using RedisResilience.HttpSemantics;

namespace RedisResilience.Http.Tests.HttpSemantics;

internal sealed class HttpDateTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    [TestCase("Sun, 06 Nov 1994 08:49:37 GMT")]
    [TestCase("Sunday, 06-Nov-94 08:49:37 GMT")]
    [TestCase("Sun Nov  6 08:49:37 1994")]
    public void ThreeForms_AreRead(string text)
    {
        Assert.That(HttpDate.TryParse(text, Now, out var date), Is.True);
        Assert.That(date, Is.EqualTo(new DateTimeOffset(1994, 11, 6, 8, 49, 37, TimeSpan.Zero)));
    }

    [TestCase("")]
    [TestCase("0")]
    [TestCase("Thu, 18 Aug 2050 02:01:18 UTC")]
    [TestCase("Thu, 18 Aug 2050 02:01:18 gMT")]
    [TestCase("THU, 18 Aug 2050 02:01:18 GMT")]
    [TestCase("Thu, 18 AUG 2050 02:01:18 GMT")]
    [TestCase("Thu, 18 Aug 50 02:01:18 GMT")]
    [TestCase("Thu 18 Aug 2050 02:01:18 GMT")]
    [TestCase("Thu, 18  Aug  2050 02:01:18 GMT")]
    [TestCase("Thu, 18-Aug-2050 02:01:18 GMT")]
    [TestCase("Thu, 18 Aug 2050 02.01.18 GMT")]
    [TestCase("Thu, 18 Aug 2050 2:01:18 GMT")]
    [TestCase("Thu, 18 Aug 2050 02:01:18 GMT ")]
    [TestCase(" Thu, 18 Aug 2050 02:01:18 GMT")]
    [TestCase("Thu, 31 Feb 2050 02:01:18 GMT")]
    [TestCase("Thu, 18 Aug 2050 24:01:18 GMT")]
    [TestCase("Thu, 18 Aug 2050 02:60:18 GMT")]
    [TestCase("Thu, 18 Aug 0000 02:01:18 GMT")]
    [TestCase("Thu, -8 Aug 2050 02:01:18 GMT")]
    [TestCase("Sun Nov 6 08:49:37 1994")]
    [TestCase("Sun Nov  6 08:49:37 94")]
    [TestCase("Tue 19 Jan 2038 14:14:08 GMT")]
    [TestCase("Sunday, 06-Nov-1994 08:49:37 GMT")]
    public void OtherForms_AreRefused(string text) => Assert.That(HttpDate.TryParse(text, Now, out _), Is.False);

    [TestCase("26", 2026)]
    [TestCase("76", 2076)]
    [TestCase("77", 1977)]
    [TestCase("99", 1999)]
    [TestCase("00", 2000)]
    public void YearOfTwoDigits_IsAtMostFiftyYearsAhead(string year, int expected)
    {
        Assert.That(HttpDate.TryParse($"Sunday, 06-Nov-{year} 08:49:37 GMT", Now, out var date), Is.True);
        Assert.That(date.Year, Is.EqualTo(expected));
    }

    [Test]
    public void LeapSecond_IsNoError() => Assert.That(HttpDate.TryParse("Sat, 31 Dec 2016 23:59:60 GMT", Now, out _), Is.True);

    [Test]
    public void WhatThePlatformWrites_IsRead() =>
        Gen.DateTime.Sample(
            time =>
            {
                var date = new DateTimeOffset(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
                Assert.That(HttpDate.TryParse(HttpDate.Format(date), Now, out var read), Is.True);
                Assert.That(read, Is.EqualTo(date));
                Assert.That(HttpDate.TryParse(date.ToString(
                    "ddd MMM", CultureInfo.InvariantCulture) + $" {date.Day,2} {date:HH:mm:ss} {date:yyyy}", Now, out read), Is.True);
                Assert.That(read, Is.EqualTo(date));
            },
            iter: 2000);
}
