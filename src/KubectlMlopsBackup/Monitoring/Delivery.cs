namespace KubectlMlopsBackup.Monitoring;

/// <summary>Sends a request a few times. It throws nothing but <see cref="OperationCanceledException"/>, and no message has an address or a header in it.</summary>
/// <param name="pause">Between two attempts.</param>
internal sealed class Delivery(HttpClient client, TimeSpan pause)
{
    private const int Attempts = 3;

    /// <summary>Of an answer that is read.</summary>
    private const int LargestAnswer = 64 * 1024;

    /// <summary>Follows no redirect, which would carry credentials elsewhere.</summary>
    public static HttpClient Client() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { MaxResponseContentBufferSize = LargestAnswer };

    /// <param name="request">Made anew for every attempt.</param>
    /// <returns>The answer's body, or why it was not sent.</returns>
    public async Task<(string? Answer, string? Failure)> SendAsync(Func<HttpRequestMessage> request, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            string why;
            try
            {
                using var message = request();
                using var response = await client.SendAsync(message, cancellationToken);
                if (response.IsSuccessStatusCode)
                {
                    return (await response.Content.ReadAsStringAsync(cancellationToken), null);
                }

                why = $"the server answered {(int)response.StatusCode}";
                if ((int)response.StatusCode is < 500 and not 429)
                {
                    return (null, why);
                }
            }
            catch (HttpRequestException e)
            {
                // Its message would name the address.
                why = $"the server cannot be reached ({e.HttpRequestError})";
            }

            if (attempt == Attempts)
            {
                return (null, why);
            }

            await Task.Delay(pause, cancellationToken);
        }
    }
}
