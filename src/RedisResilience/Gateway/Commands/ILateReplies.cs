namespace RedisResilience.Gateway.Commands;

/// <summary>Handles the replies of scripts whose callers no longer wait.</summary>
internal interface ILateReplies
{
    /// <summary>Called when a script has run after its caller went on without an answer. It runs on the pool, and must not throw.</summary>
    /// <param name="key">The key, without its prefix.</param>
    /// <param name="arguments">The script's arguments.</param>
    /// <param name="reply">The script's reply.</param>
    /// <param name="isCancelled">Whether the caller had left. False when its deadline was over.</param>
    void Hear(string key, in ScriptArguments arguments, in ScriptReply reply, bool isCancelled);
}
