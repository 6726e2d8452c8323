namespace RedisResilience.Mongo.Json;

/// <summary>Says whether one field is renamed or hidden.</summary>
/// <param name="IsHidden">Whether it is left out.</param>
/// <param name="NewName">The new name in UTF-8. Null keeps the old name.</param>
/// <param name="Inside">The rules for the fields below it, also when it is an array of documents.</param>
internal sealed record FieldRule(bool IsHidden, byte[]? NewName, FieldRules? Inside);
