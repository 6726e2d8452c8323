using System.Buffers;
using System.Net;

namespace RedisResilience.Http.Tests;

/// <summary>The other side, as a handler: it remembers what it was asked and answers as a test says.</summary>
internal sealed class FakeOrigin : HttpMessageHandler
{
    private readonly Lock _lock = new();

    public List<HttpRequestMessage> Requests { get; } = [];

    public int Asked => Requests.Count;

    public HttpRequestMessage Last => Requests[^1];

    /// <summary>How the next requests are answered.</summary>
    public Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> Answer { get; set; } = (_, _) =>
        Task.FromResult(Response("body", "Cache-Control: max-age=60"));

    public void Answers(Func<HttpRequestMessage, HttpResponseMessage> answer) => Answer = (request, _) => Task.FromResult(answer(request));

    public void Answers(string body, params string[] fields) => Answers(_ => Response(body, fields));

    public void Fails() => Answer = (_, _) => throw new HttpRequestException("gone");

    /// <summary>A response with these fields.</summary>
    public static HttpResponseMessage Response(string body, params string[] fields) => Response(HttpStatusCode.OK, body, fields);

    public static HttpResponseMessage Response(HttpStatusCode status, string body, params string[] fields)
    {
        var response = new HttpResponseMessage(status) { Content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(body)) };
        foreach (var field in fields)
        {
            var colon = field.IndexOf(':');
            var (name, value) = (field[..colon], field[(colon + 1)..].Trim());
            if (!response.Headers.TryAddWithoutValidation(name, value))
            {
                response.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return response;
    }

    /// <summary>A response whose body is shorter than it says, or breaks off.</summary>
    public static HttpResponseMessage Broken(bool isShort, params string[] fields)
    {
        var response = Response("", fields);
        var pipe = new System.IO.Pipelines.Pipe();
        pipe.Writer.Write("half"u8);
        pipe.Writer.Complete(isShort ? null : new IOException("gone"));
        response.Content = new StreamContent(pipe.Reader.AsStream());
        response.Content.Headers.ContentLength = isShort ? 8 : null;
        return response;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Requests.Add(request);
        }

        var response = await Answer(request, cancellationToken);
        response.RequestMessage ??= request;
        return response;
    }
}
