namespace Predictions.Embedded;

/// <summary>What has been done to the embedded server.</summary>
internal enum EmbeddedState
{
    /// <summary>It answers.</summary>
    Running,

    /// <summary>It stands still: its connections are open, and nobody answers.</summary>
    Frozen,

    /// <summary>It has ended.</summary>
    Stopped,
}
