using System.Text;
using CsCheck;
using RedisResilience.Gateway;

namespace RedisResilience.Tests.Gateway;

internal sealed class KeyRulesTests
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // Random characters hardly ever hit a border or a surrogate, so these are drawn as often as all others together.
    private static readonly Gen<char> Edges = Gen.Char[
        "\0\u001f ~\u007f\u0080\u0085\u009f\u00a0\ud7ff\ud800\udbff\udc00\udfff\ue000\ufeff\uffff"];

    [TestCaseSource(typeof(Keys), nameof(Keys.Good))]
    public void GoodKey_Passes(string key) => Assert.That(() => KeyRules.Validate(key), Throws.Nothing);

    [TestCaseSource(typeof(Keys), nameof(Keys.Bad))]
    public void BadKey_IsRefusedByName(string key) =>
        Assert.That(
            () => KeyRules.Validate(key), Throws.ArgumentException.With.Property(nameof(ArgumentException.ParamName)).EqualTo("key"));

    [TestCaseSource(typeof(Keys), nameof(Keys.Good))]
    public void GoodKey_IsValid(string key) => Assert.That(RedisKeyLimits.IsValid(key), Is.True);

    [TestCaseSource(typeof(Keys), nameof(Keys.Bad))]
    public void BadKey_IsNotValid(string key) => Assert.That(RedisKeyLimits.IsValid(key), Is.False);

    [Test]
    public void NullKey_IsRefusedAsNull() => Assert.That(() => KeyRules.Validate(null!), Throws.ArgumentNullException);

    [Test]
    public void Refusal_DoesNotRepeatTheKey() =>
        Assert.That(() => KeyRules.Validate("secret\u0001"), Throws.ArgumentException.With.Message.Not.Contain("secret"));

    [Test]
    public void AnyCharacter_IsAControlCharacterAsTheRuntimeSays()
    {
        for (var character = 0; character <= char.MaxValue; character++)
        {
            Assert.That(
                RedisKeyLimits.HasControlCharacter([(char)character]), Is.EqualTo(char.IsControl((char)character)), $"U+{character:X4}");
        }
    }

    [Test]
    public void AnyText_PassesExactlyWhenAStrictEncoderAndTheRuntimeTakeIt() =>
        Gen.OneOf(Edges, Gen.Char).Array[1, 12].Select(characters => new string(characters)).Sample(
            text => IsAccepted(text) == (!text.Any(char.IsControl) && IsEncodable(text))
                && RedisKeyLimits.IsValid(text) == IsAccepted(text),
            print: text => string.Join(' ', text.Select(character => $"{(int)character:X4}")));

    private static bool IsAccepted(string text)
    {
        try
        {
            KeyRules.Validate(text);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static bool IsEncodable(string text)
    {
        try
        {
            Strict.GetByteCount(text);
            return true;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }
}
