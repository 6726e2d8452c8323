using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using RedisResilience.HttpSemantics;

namespace RedisResilience.AspNetCore.Caching.Storing;

/// <summary>What the endpoint and those inside of the cache say of a response. Those further out say theirs again on a hit.</summary>
/// <remarks>
/// Callbacks of a response run last in, first out. When <see cref="Note"/> is called as the response starts, all callbacks of inner
/// middleware have run. A response without a body starts only after outer middleware has changed it. There, the fields are taken as the
/// endpoint has left them, with the changes of inner callbacks.
/// </remarks>
internal sealed class EndpointFields(HttpResponse response, StoredHeaders stored)
{
    private Dictionary<string, StringValues> _before = [];
    private string? _phraseBefore;
    private string? _phrase;
    private HeaderDictionary? _left;
    private HeaderDictionary _outside = [];
    private List<KeyValuePair<string, StringValues>>? _stored;

    /// <summary>The fields that are stored; what the cache itself has to remember comes first.</summary>
    public IReadOnlyList<KeyValuePair<string, StringValues>> Stored => _stored ?? [];

    /// <summary>The fields that a stored <c>Vary</c> names.</summary>
    public IReadOnlyList<string> Vary { get; private set; } = [];

    /// <summary>Whether there is a cookie by now that others are not given.</summary>
    public bool HasCookieOfItsOwn =>
        response.Headers.SetCookie.Count > 0
            && response.Headers.SetCookie != Of(Select(response.Headers), StoredHeaders.SetCookie);

    /// <summary>The fields that describe what is stored.</summary>
    public IHeaderDictionary All => _left ?? response.Headers;

    /// <summary>The endpoint is about to run.</summary>
    public void Begin()
    {
        _before = response.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase);
        _phrase = _phraseBefore = ReasonPhrase.Of(response);
    }

    /// <summary>The endpoint has returned, and its response is not started here.</summary>
    public void LeaveOpen()
    {
        _left = Copy(response.Headers);
        _phrase = ReasonPhrase.Of(response);
        response.OnStarting(() =>
        {
            _outside = Copy(response.Headers);
            return Task.CompletedTask;
        });
    }

    /// <summary>Takes the fields as they are now, once.</summary>
    public void Note()
    {
        if (_stored is not null)
        {
            return;
        }

        if (_left is null)
        {
            _phrase = ReasonPhrase.Of(response);
        }
        else
        {
            AddLateFields(_left);
        }

        _stored = Select(All);
        Vary = _stored.Exists(field => field.Key.Equals("Vary", StringComparison.OrdinalIgnoreCase))
            ? VaryField.Parse(All.Vary).Names
            : [];
        if (_phrase is not null && _phrase != _phraseBefore)
        {
            _stored.Insert(0, new(HttpAnnotation.Phrase, _phrase));
        }
    }

    /// <summary>The lines of a field that is stored.</summary>
    public StringValues Find(string name) => Of(Stored, name);

    /// <summary>Stores one more field.</summary>
    public void Add(string name, StringValues values)
    {
        Note();
        _stored!.Add(new(name, values));
    }

    private List<KeyValuePair<string, StringValues>> Select(IHeaderDictionary headers) =>
        stored.Select(headers, response.StatusCode, _before, CacheControl.Parse(headers.CacheControl.AsEnumerable()));

    private static StringValues Of(IReadOnlyList<KeyValuePair<string, StringValues>> fields, string name) =>
        fields.FirstOrDefault(field => field.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    // The callbacks of those inside have run between the second copy and now.
    private void AddLateFields(HeaderDictionary left)
    {
        foreach (var (name, values) in response.Headers)
        {
            if (_outside[name] != values)
            {
                left[name] = values;
            }
        }

        foreach (var name in _outside.Keys.Where(name => !response.Headers.ContainsKey(name)))
        {
            left.Remove(name);
        }
    }

    private static HeaderDictionary Copy(IHeaderDictionary headers) =>
        new(headers.ToDictionary(StringComparer.OrdinalIgnoreCase));
}
