using System.Text.Json.Serialization;

namespace RedisResilience.Tests.Caching.Json;

internal sealed record Quote(string Symbol, double Price);

[JsonSourceGenerationOptions(RespectRequiredConstructorParameters = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(Quote))]
internal sealed partial class QuoteJson : JsonSerializerContext;
