namespace RedisResilience.BrowserTests;

/// <summary>Ends the browser with the tests.</summary>
[SetUpFixture]
internal sealed class ChromiumLifetime
{
    [OneTimeTearDown]
    public Task Close() => Browser.Chromium.CloseAsync();
}
