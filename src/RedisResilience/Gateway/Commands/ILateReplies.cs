namespace RedisResilience.Gateway.Commands;

/// <summary>Handles the replies of scripts whose callers no longer wait.</summary>
internal interface ILateReplies
{
    /// <summary>A script has run, and its caller has gone on without an answer. Called on the pool; it must not throw.</summary>
    /// <param name="key">The key, without its prefix.</param>
    /// <param name="arguments">What the script was told.</param>
    /// <param name="reply">What it has returned.</param>
    /// <param name="isCancelled">Whether the caller had left. Else its deadline was over.</param>
    void Hear(string key, in ScriptArguments arguments, in ScriptReply reply, bool isCancelled);
}
