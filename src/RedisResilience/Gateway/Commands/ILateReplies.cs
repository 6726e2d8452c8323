namespace RedisResilience.Gateway.Commands;

/// <summary>Handles the replies of scripts whose callers no longer wait.</summary>
internal interface ILateReplies
{
    /// <summary>A script has run, and its caller has gone on without an answer. Called on the pool; it must not throw.</summary>
    /// <param name="key">The key, without its prefix.</param>
    /// <param name="arguments">The script's arguments.</param>
    /// <param name="reply">The script's reply.</param>
    /// <param name="isCancelled">Whether the caller had left. False when its deadline was over.</param>
    void Hear(string key, in ScriptArguments arguments, in ScriptReply reply, bool isCancelled);
}
