using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Predictions.Source;

namespace RedisResilience.Tests.Predictions;

/// <summary>The sample in this process, without Redis and without a port.</summary>
internal sealed class PredictionsApp(Action<IServiceCollection>? configure = null) : WebApplicationFactory<Program>
{
    /// <summary>How often the source of truth has been asked for a document.</summary>
    public long Reads => ((EmbeddedPredictionSource)Services.GetRequiredService<IPredictionSource>()).Reads;

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("REDIS_URL", "");
        builder.UseSetting("MONGO_URL", "");
        builder.ConfigureTestServices(services => configure?.Invoke(services));
    }
}
