using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using RedisResilience.RaceTests.Weaving;
using RedisResilience.Tests;

namespace RedisResilience.RaceTests.Scheduling;

/// <summary>Tries a race in thousands of orders of its events. An order that has broken it once does so again, by its seed.</summary>
internal static class RaceSearch
{
    private const string SeedVariable = "REDISRESILIENCE_RACE_SEED";

    /// <summary>Tries a race over the library with points in it.</summary>
    /// <param name="race">The race's type.</param>
    /// <param name="focus">Namespaces or types in which the scheduler may stop somebody.</param>
    public static void Try(Type race, params string[] focus)
    {
        var search = new WovenContext(focus).Copy(typeof(RaceSearch)).GetMethod(nameof(Search))!;
        var only = Environment.GetEnvironmentVariable(SeedVariable) is { Length: > 0 } seed
            ? int.Parse(seed, CultureInfo.InvariantCulture)
            : (int?)null;
        var report = (string)search.Invoke(null, [race.FullName, only ?? 0, only is null ? (int)Rounds.Of(4_000, 200_000) : 1])!;
        TestContext.Out.WriteLine(report);
        Assert.That(report, Does.StartWith("held"));
    }

    /// <summary>In the copy of these tests that runs over the woven library.</summary>
    /// <returns>What was found, with the seed that finds it again.</returns>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever was thrown is what was found.")]
    public static string Search(string race, int firstSeed, int count)
    {
        var type = typeof(RaceSearch).Assembly.GetType(race, throwOnError: true)!;
        var turns = 0L;
        for (var seed = firstSeed; seed < firstSeed + count; seed++)
        {
            var run = new Interleaving(seed);
            try
            {
                var one = (Race)Activator.CreateInstance(type)!;
                one.Begin(run);
                run.Run();
                one.Check();
            }
            catch (Exception exception)
            {
                return $"broken by seed {seed} ({SeedVariable}={seed} tries it alone): {exception}";
            }

            turns += run.Turns;
        }

        return $"held in {count} interleavings from seed {firstSeed}, with {turns / count} turns each";
    }
}
