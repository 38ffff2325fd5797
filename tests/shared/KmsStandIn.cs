using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace KubectlMlopsBackup.Testing;

/// <summary>
/// Answers GenerateDataKey and Decrypt as AWS KMS does, with its names of errors. Keys, contexts and ciphertexts are kept apart as KMS keeps them, so
/// that a client which mixes them up is refused. Source: docs.aws.amazon.com/kms/latest/APIReference.
/// </summary>
internal sealed class KmsStandIn : IDisposable
{
    public const string AccessKey = "AKIAKMSSTANDIN000001";
    public const string SecretKey = "kmsstandinkmsstandinkmsstandinkmsstandin";

    private const int NonceSize = 12;
    private const int TagSize = 16;

    private readonly HttpListener listener;
    private readonly byte[] master = RandomNumberGenerator.GetBytes(32);

    /// <param name="at">Where it listens; null for loopback.</param>
    public KmsStandIn(IPAddress? at = null)
    {
        (listener, Address) = LocalListener.Start(at);
        _ = ServeAsync();
    }

    public string Address { get; }

    /// <summary>Ids of the access keys that it knows.</summary>
    public ConcurrentDictionary<string, bool> AccessKeys { get; } = new([new(AccessKey, true)]);

    /// <summary>State of each key by its ARN: <c>Enabled</c>, <c>Disabled</c>, <c>PendingDeletion</c>.</summary>
    public ConcurrentDictionary<string, string> Keys { get; } = [];

    /// <summary>ARN by alias.</summary>
    public ConcurrentDictionary<string, string> Aliases { get; } = [];

    /// <summary>Actions that are denied, such as <c>kms:Decrypt</c>.</summary>
    public ConcurrentDictionary<string, bool> Denied { get; } = [];

    /// <summary>So many requests are still answered with ThrottlingException.</summary>
    public int Throttled { get; set; }

    /// <summary>Code and message that all requests are answered with; null where they are answered.</summary>
    public (string Code, string Message)? Failure { get; set; }

    /// <summary>Action, key as it was named, and context, such as <c>kms:Decrypt alias/x mlopsbackup-repository=…</c>.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    /// <returns>The ARN of a new key.</returns>
    public string CreateKey(string region = "eu-central-1", string? alias = null)
    {
        var arn = $"arn:aws:kms:{region}:111122223333:key/{Guid.NewGuid()}";
        Keys[arn] = "Enabled";
        if (alias is not null)
        {
            Aliases[alias] = arn;
        }

        return arn;
    }

    public void Dispose() => listener.Close();

    private async Task ServeAsync()
    {
        while (listener.IsListening)
        {
            try
            {
                var context = await listener.GetContextAsync();
                using var sent = new StreamReader(context.Request.InputStream);
                var (status, body) = Answer(context.Request, await sent.ReadToEndAsync());
                context.Response.StatusCode = status;
                context.Response.ContentType = "application/x-amz-json-1.1";
                context.Response.Close(Encoding.UTF8.GetBytes(body), willBlock: false);
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                // The test has ended, or a client went away.
            }
        }
    }

    private (int Status, string Body) Answer(HttpListenerRequest request, string body)
    {
        if (Throttled > 0)
        {
            Throttled--;
            return Error("ThrottlingException", "Rate exceeded");
        }

        if (Failure is { } failure)
        {
            return Error(failure.Code, failure.Message);
        }

        if (!AccessKeys.Keys.Any(k => request.Headers["Authorization"]?.Contains($"Credential={k}/", StringComparison.Ordinal) is true))
        {
            return Error("UnrecognizedClientException", "The security token included in the request is invalid.");
        }

        var action = "kms:" + request.Headers["X-Amz-Target"]?.Split('.')[^1];
        var sent = JsonNode.Parse(body)!;
        var encryptionContext = string.Join(',', (sent["EncryptionContext"] as JsonObject ?? []).OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}={p.Value}"));
        Requests.Enqueue($"{action} {sent["KeyId"]} {encryptionContext}");
        if (Denied.ContainsKey(action))
        {
            return Error("AccessDeniedException", $"User is not authorized to perform: {action}");
        }

        return action switch
        {
            "kms:GenerateDataKey" => Generate(sent, encryptionContext),
            "kms:Decrypt" => Decrypt(sent, encryptionContext),
            _ => Error("UnknownOperationException", action),
        };
    }

    private (int Status, string Body) Generate(JsonNode sent, string encryptionContext)
    {
        if (Resolve((string?)sent["KeyId"]) is not { } arn)
        {
            return Error("NotFoundException", "Key does not exist");
        }

        if (Unusable(arn) is { } error)
        {
            return error;
        }

        var plain = RandomNumberGenerator.GetBytes(32);
        var nonce = RandomNumberGenerator.GetBytes(NonceSize);
        var cipher = new byte[plain.Length];
        var tag = new byte[TagSize];
        using (var aes = new AesGcm(master, TagSize))
        {
            aes.Encrypt(nonce, plain, cipher, tag, Encoding.UTF8.GetBytes($"{arn}\n{encryptionContext}"));
        }

        byte[] blob = [.. Encoding.ASCII.GetBytes(arn + "\n"), .. nonce, .. cipher, .. tag];
        return (200, new JsonObject { ["KeyId"] = arn, ["Plaintext"] = Convert.ToBase64String(plain), ["CiphertextBlob"] = Convert.ToBase64String(blob) }.ToJsonString());
    }

    private (int Status, string Body) Decrypt(JsonNode sent, string encryptionContext)
    {
        var blob = Convert.FromBase64String((string)sent["CiphertextBlob"]!);
        var end = Array.IndexOf(blob, (byte)'\n');
        var arn = end < 0 ? "" : Encoding.ASCII.GetString(blob, 0, end);
        if (Resolve((string?)sent["KeyId"]) is not { } wanted)
        {
            return Error("NotFoundException", "Key does not exist");
        }

        if (blob.Length - end - 1 < NonceSize + TagSize || !Keys.ContainsKey(arn))
        {
            return Error("InvalidCiphertextException", null);
        }

        if (wanted != arn)
        {
            return Error("IncorrectKeyException", "The key ID in the request does not identify a CMK that can perform this operation.");
        }

        if (Unusable(arn) is { } error)
        {
            return error;
        }

        var rest = blob.AsSpan(end + 1);
        var plain = new byte[rest.Length - NonceSize - TagSize];
        try
        {
            using var aes = new AesGcm(master, TagSize);
            aes.Decrypt(rest[..NonceSize], rest[NonceSize..^TagSize], rest[^TagSize..], plain, Encoding.UTF8.GetBytes($"{arn}\n{encryptionContext}"));
        }
        catch (AuthenticationTagMismatchException)
        {
            return Error("InvalidCiphertextException", null);
        }

        return (200, new JsonObject { ["KeyId"] = arn, ["Plaintext"] = Convert.ToBase64String(plain), ["EncryptionAlgorithm"] = "SYMMETRIC_DEFAULT" }.ToJsonString());
    }

    private (int Status, string Body)? Unusable(string arn) => Keys[arn] switch
    {
        "Enabled" => null,
        "Disabled" => Error("DisabledException", $"{arn} is disabled."),
        var state => Error("KMSInvalidStateException", $"{arn} is {state}."),
    };

    private string? Resolve(string? name) => name is null ? null
        : Keys.ContainsKey(name) ? name
        : Aliases.TryGetValue(name, out var aliased) ? aliased
        : Keys.Keys.FirstOrDefault(k => k.EndsWith("key/" + name, StringComparison.Ordinal));

    private static (int Status, string Body) Error(string type, string? message) =>
        (400, JsonSerializer.Serialize(new Dictionary<string, string?> { ["__type"] = type, ["message"] = message }));
}
