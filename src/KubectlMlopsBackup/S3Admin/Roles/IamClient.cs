using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;

namespace KubectlMlopsBackup.S3Admin.Roles;

/// <summary>
/// The few calls of IAM that roles are made with, signed by the SDK's own signer: AWS' IAM, and that of stores that have one (Ceph).
/// Source: docs.aws.amazon.com/IAM/latest/APIReference.
/// </summary>
/// <param name="endpoint">Of the service.</param>
/// <param name="region">That requests are signed for.</param>
/// <param name="pause">Between two attempts.</param>
internal sealed class IamClient(Uri endpoint, string region, AWSCredentials credentials, TimeSpan pause) : IDisposable
{
    private const string Version = "2010-05-08";
    private const string Service = "iam";
    private const int Attempts = 4;

    /// <summary>Bytes of an answer.</summary>
    private const int LargestAnswer = 4 << 20;

    private readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        Timeout = TimeSpan.FromSeconds(30),
        MaxResponseContentBufferSize = LargestAnswer,
    };

    public Uri Endpoint => endpoint;

    /// <returns>The answer; null where what it is about is not there.</returns>
    /// <exception cref="IamException">Refused.</exception>
    /// <exception cref="UserError">No answer.</exception>
    public async Task<XDocument?> CallAsync(string action, CancellationToken cancellationToken, params IReadOnlyList<(string Name, string Value)> parameters)
    {
        var body = Encoding.UTF8.GetBytes(string.Join('&', new[] { ("Action", action), ("Version", Version) }.Concat(parameters.Select(p => (p.Name, p.Value)))
            .Select(p => $"{Uri.EscapeDataString(p.Item1)}={Uri.EscapeDataString(p.Item2)}")));
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var request = await SignedAsync(body);
                using var response = await client.SendAsync(request, cancellationToken);
                var text = await response.Content.ReadAsStringAsync(cancellationToken);
                if (response.IsSuccessStatusCode)
                {
                    return Parse(text) ?? throw new IamException(action, response.StatusCode, "InvalidAnswer", "the answer is no XML: is this an IAM service?");
                }

                var failure = Failure(action, response.StatusCode, text);
                if (failure.Code is "NoSuchEntity" or "NoSuchEntityException")
                {
                    return null;
                }

                if (attempt == Attempts || !failure.IsTransient)
                {
                    throw failure;
                }
            }
            catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                if (attempt == Attempts)
                {
                    throw new UserError(
                        $"IAM at {endpoint.GetLeftPart(UriPartial.Authority)} does not answer: {e.Message}", "check the network to it, then run it again: what is made already stays as it is", inner: e);
                }
            }

            await Task.Delay(pause, cancellationToken);
        }
    }

    public void Dispose() => client.Dispose();

    private async Task<HttpRequestMessage> SignedAsync(byte[] body)
    {
        const string type = "application/x-www-form-urlencoded; charset=utf-8";
        var keys = await credentials.GetCredentialsAsync();
        var signed = new DefaultRequest(new GetCallerIdentityRequest(), Service)
        {
            Endpoint = endpoint,
            HttpMethod = "POST",
            ResourcePath = "/",
            Content = body,
            AuthenticationRegion = region,
            OverrideSigningServiceName = Service,
        };
        signed.Headers["Content-Type"] = type;
        if (keys.UseToken)
        {
            signed.Headers["X-Amz-Security-Token"] = keys.Token;
        }

        var config = new AmazonSecurityTokenServiceConfig { ServiceURL = endpoint.AbsoluteUri, AuthenticationRegion = region };
        var result = new AWS4Signer().SignRequest(signed, config, null, keys.AccessKey, keys.SecretKey);
        var message = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new ByteArrayContent(body) };
        message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        foreach (var (name, value) in signed.Headers.Where(h => !h.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) && !h.Key.Equals("Host", StringComparison.OrdinalIgnoreCase)))
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        message.Headers.TryAddWithoutValidation("Authorization", result.ForAuthorizationHeader);
        return message;
    }

    private static IamException Failure(string action, HttpStatusCode status, string text)
    {
        var answer = Parse(text);
        string Find(string name) => answer?.Descendants().FirstOrDefault(e => e.Name.LocalName == name)?.Value ?? "";
        return new IamException(action, status, Find("Code"), Find("Message"));
    }

    private static XDocument? Parse(string text)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            return XDocument.Load(reader);
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
