namespace RedisResilience.Mongo;

/// <summary>
/// Thrown when the document does not have the version that a write expected, because another writer has changed or deleted it. Nothing was
/// written.
/// </summary>
public sealed class DocumentConflictException : Exception
{
    /// <summary>Makes the exception.</summary>
    public DocumentConflictException()
        : this("The document does not have the expected version: read it again.")
    {
    }

    /// <summary>Another version.</summary>
    /// <param name="message">Says so.</param>
    public DocumentConflictException(string message)
        : base(message)
    {
    }

    /// <summary>Another version.</summary>
    /// <param name="message">Says so.</param>
    /// <param name="innerException">What it comes from.</param>
    public DocumentConflictException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
