namespace Predictions.Endpoints;

/// <summary>Reads a request's body up to a size.</summary>
internal static class BodyReader
{
    /// <summary>The body; null when it is larger.</summary>
    public static async Task<byte[]?> ReadAsync(HttpRequest request, int maximum, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        var buffer = new byte[8192];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (body.Length + read > maximum)
            {
                return null;
            }

            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }
}
