using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Cluster.Api;

/// <summary>Says what a refused or failed request means, and what mends it.</summary>
internal static class ClusterFailures
{
    /// <summary>Characters of an answer that is no Status: a proxy's page of HTML.</summary>
    private const int LongestAnswer = 300;

    public static ClusterException Of(ApiCall call, HttpStatusCode code, string answer)
    {
        var status = Parse(answer);
        var said = PlainText.Clean(status?.Message ?? (answer.Length > LongestAnswer ? answer[..LongestAnswer] + "…" : answer));
        var (message, fix) = code switch
        {
            HttpStatusCode.Unauthorized => (
                "the cluster does not know who you are (401)",
                "log in again, or name another context with --context; see: kubectl auth whoami"),
            HttpStatusCode.Forbidden when said.Contains("exceeded quota", StringComparison.Ordinal) => (
                $"the namespace's quota refuses {call}: {said}", "raise the ResourceQuota, or lower spec.kubernetes.resources in the plan"),
            HttpStatusCode.Forbidden when said.Contains("violates PodSecurity", StringComparison.Ordinal) => (
                $"the namespace's Pod Security level refuses {call}: {said}", "set spec.kubernetes.podSecurity in the plan to what the level allows"),
            HttpStatusCode.Forbidden when status?.Reason == "Forbidden" && !said.Contains("admission", StringComparison.Ordinal) => (
                $"you may not {call.Verb} {call}: {said}", $"have this rule added to your Role: {call.Rule()}"),
            HttpStatusCode.Forbidden => ($"the cluster refuses to {call.Verb} {call}: {said}", null),
            HttpStatusCode.NotFound when call.Name is not null => ($"there is no {call}", null),
            HttpStatusCode.NotFound => ($"the cluster does not have {call.Resource} ({call.Resource.ApiVersion})", "it may be older than Kubernetes 1.30"),
            HttpStatusCode.Conflict => ($"{call.Verb} {call}: {said}", null),
            _ => ($"{call.Verb} {call}: {(int)code} {said}".TrimEnd(), (string?)null),
        };
        return new ClusterException(message, fix, code, status?.Reason)
        {
            IsOwnConflict = code == HttpStatusCode.Conflict && status?.Details?.Causes is { Count: > 0 } causes && causes.TrueForAll(IsOwn),
        };
    }

    /// <summary>The field manager is quoted: one whose name merely begins like ours is another.</summary>
    private static bool IsOwn(StatusCause cause) => cause.Reason == "FieldManagerConflict"
        && cause.Message?.StartsWith($"conflict with \"{ClusterApi.FieldManager}\"", StringComparison.Ordinal) == true;

    /// <summary>There was no answer.</summary>
    public static ClusterException Of(ApiCall call, Uri server, Exception e) => e switch
    {
        OperationCanceledException => new ClusterException(
            $"the API server {server} gave no answer in time to: {call.Verb} {call}", "see whether it is up with: kubectl version; --request-timeout waits longer", null, null, e),
        HttpRequestException { InnerException: AuthenticationException tls } => new ClusterException(
            $"the API server {server} shows a certificate that is not trusted: {tls.Message}", "see the cluster's certificate-authority-data in the kubeconfig", null, null, e),
        HttpRequestException { InnerException: SocketException socket } => new ClusterException(
            $"the API server {server} cannot be reached: {socket.Message}", "see whether it is up with: kubectl version; or name another cluster with --context", null, null, e),
        _ => new ClusterException(
            $"the connection to the API server {server} failed: {e.Message}", "see whether it is up with: kubectl version", null, null, e),
    };

    private static StatusView? Parse(string answer)
    {
        try
        {
            return JsonSerializer.Deserialize(answer, ClusterJson.Default.StatusView) is { Kind: "Status" } status ? status : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
