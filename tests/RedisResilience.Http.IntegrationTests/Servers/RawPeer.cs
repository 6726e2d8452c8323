using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace RedisResilience.Http.IntegrationTests.Servers;

/// <summary>Another side that speaks HTTP as badly as a test says: it reads the head of each request, and writes bytes.</summary>
internal sealed class RawPeer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<string> _heads = new();
    private readonly Task _accepting;

    public RawPeer()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    /// <summary>What it was asked, each to the end of its fields.</summary>
    public IReadOnlyCollection<string> Heads => _heads;

    /// <summary>What it writes. When that has ended, it closes the connection.</summary>
    public Func<Stream, CancellationToken, Task> Answer { get; set; } = (_, _) => Task.CompletedTask;

    public void Answers(string response) => Answer = (stream, token) => WriteAsync(stream, response, token);

    /// <summary>Writes a beginning, and then the same again and again until nobody reads it any more.</summary>
    public void AnswersWithoutEnd(string beginning, string again) => Answer = async (stream, token) =>
    {
        await WriteAsync(stream, beginning, token);
        while (true)
        {
            await WriteAsync(stream, again, token);
        }
    };

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                serving.Add(ServeAsync(await _listener.AcceptSocketAsync(_end.Token)));
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or InvalidOperationException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            _heads.Enqueue(await ReadHeadAsync(stream));
            await Answer(stream, _end.Token);
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The caller has had enough.
        }
    }

    private async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var buffer = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(buffer, _end.Token);
            head.Append((char)buffer[0]);
        }

        return head.ToString();
    }

    private static Task WriteAsync(Stream stream, string text, CancellationToken cancellationToken) =>
        stream.WriteAsync(Encoding.Latin1.GetBytes(text), cancellationToken).AsTask();
}
