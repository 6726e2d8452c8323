using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace RedisResilience.Tests.Registration;

internal sealed class OptionsValidationTests
{
    [TestCaseSource(nameof(Good))]
    public void OptionsInRange_LetTheHostStart(Action<RedisResilienceOptions> configure) =>
        Assert.That(() => Start(configure), Throws.Nothing);

    [TestCaseSource(nameof(Bad))]
    public void OptionOutOfRange_StopsTheHostAndIsNamed(string option, Action<RedisResilienceOptions> configure) =>
        Assert.That(() => Start(configure), Throws.InstanceOf<OptionsValidationException>().With.Message.Contains(option));

    [Test]
    public void SeveralOptionsOutOfRange_AreAllNamed() => Assert.That(
        () => Start(options => (options.MaximumEntrySize, options.ProbeInterval) = (0, TimeSpan.Zero)),
        Throws.InstanceOf<OptionsValidationException>().With.Message.Contains("MaximumEntrySize").And.Message.Contains("ProbeInterval"));

    [Test]
    public void WithoutRedis_TheOptionsAreCheckedToo() => Assert.That(
        () => Start(options => options.MaximumEntrySize = 0, connectionString: null), Throws.InstanceOf<OptionsValidationException>());

    private static IEnumerable<TestCaseData> Good()
    {
        yield return Case("defaults", _ => { });
        yield return Case("longest prefix", options => options.KeyPrefix = new string('p', 128));
        yield return Case("shortest deadline", options => options.CommandDeadline = TimeSpan.FromMilliseconds(1));
        yield return Case(
            "longest deadlines", options => options.CommandDeadline = options.MaximumCommandDeadline = TimeSpan.FromSeconds(60));
        yield return Case("shortest probe", options => options.ProbeInterval = TimeSpan.FromMilliseconds(10));
        yield return Case("longest probe", options => options.ProbeInterval = TimeSpan.FromSeconds(60));
        yield return Case("smallest entry", options => options.MaximumEntrySize = 1);
        yield return Case("largest entry", options => options.MaximumEntrySize = 512 * 1024 * 1024);
    }

    private static IEnumerable<TestCaseData> Bad()
    {
        yield return Case("KeyPrefix", "null", options => options.KeyPrefix = null!);
        yield return Case("KeyPrefix", "one too long", options => options.KeyPrefix = new string('p', 129));
        yield return Case("KeyPrefix", "a control character", options => options.KeyPrefix = "a\nb");
        yield return Case("KeyPrefix", "a hash tag", options => options.KeyPrefix = "{app}:");
        yield return Case("KeyPrefix", "a brace", options => options.KeyPrefix = "app}");
        yield return Case("CommandDeadline", "zero", options => options.CommandDeadline = TimeSpan.Zero);
        yield return Case("CommandDeadline", "infinite", options => options.CommandDeadline = Timeout.InfiniteTimeSpan);
        yield return Case(
            "CommandDeadline", "too long", options => options.CommandDeadline = options.MaximumCommandDeadline = TimeSpan.FromSeconds(61));
        yield return Case(
            "MaximumCommandDeadline", "below the deadline", options => options.MaximumCommandDeadline = TimeSpan.FromMilliseconds(249));
        yield return Case("MaximumCommandDeadline", "too long", options => options.MaximumCommandDeadline = TimeSpan.FromSeconds(61));
        yield return Case("ProbeInterval", "too short", options => options.ProbeInterval = TimeSpan.FromMilliseconds(9));
        yield return Case("ProbeInterval", "too long", options => options.ProbeInterval = TimeSpan.FromSeconds(61));
        yield return Case("MaximumEntrySize", "zero", options => options.MaximumEntrySize = 0);
        yield return Case("MaximumEntrySize", "too large", options => options.MaximumEntrySize = (512 * 1024 * 1024) + 1);
    }

    private static TestCaseData Case(string option, string name, Action<RedisResilienceOptions> configure) =>
        new TestCaseData(option, configure).SetArgDisplayNames(option, name);

    private static TestCaseData Case(string name, Action<RedisResilienceOptions> configure) =>
        new TestCaseData(configure).SetArgDisplayNames(name);

    private static void Start(Action<RedisResilienceOptions> configure, string? connectionString = "127.0.0.1:1")
    {
        using var provider = new ServiceCollection().AddRedisResilience(connectionString, configure).Services.BuildServiceProvider();
        provider.GetRequiredService<IStartupValidator>().Validate();
    }
}
