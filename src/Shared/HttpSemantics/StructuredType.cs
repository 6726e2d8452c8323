namespace RedisResilience.HttpSemantics;

/// <summary>The types of values in structured fields (RFC 9651).</summary>
internal enum StructuredType
{
    Boolean,
    Integer,
    Decimal,
    String,
    Token,
    Bytes,
    Date,
    DisplayString,
    InnerList,
}
