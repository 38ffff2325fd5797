using System.Text.Json.Serialization;

namespace KubectlMlopsBackup.Cluster.Models;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StatusView))]
[JsonSerializable(typeof(WatchEvent))]
[JsonSerializable(typeof(ExecCredentialView))]
[JsonSerializable(typeof(ListView<ObjectView>))]
[JsonSerializable(typeof(ListView<TemplatedView>))]
[JsonSerializable(typeof(ListView<ServiceView>))]
[JsonSerializable(typeof(ListView<VolumeClaimView>))]
[JsonSerializable(typeof(ListView<PodView>))]
[JsonSerializable(typeof(ListView<WorkloadView>))]
[JsonSerializable(typeof(ListView<JobView>))]
[JsonSerializable(typeof(ListView<CronJobView>))]
[JsonSerializable(typeof(ListView<EventView>))]
[JsonSerializable(typeof(ListView<ApplicationView>))]
[JsonSerializable(typeof(ListView<ConfigMapView>))]
[JsonSerializable(typeof(SecretView))]
[JsonSerializable(typeof(ClaimView))]
[JsonSerializable(typeof(ListView<StorageClassView>))]
[JsonSerializable(typeof(ListView<EndpointSliceView>))]
[JsonSerializable(typeof(VersionView))]
[JsonSerializable(typeof(AccessReviewView))]
[JsonSerializable(typeof(ServiceView))]
[JsonSerializable(typeof(WorkloadView))]
[JsonSerializable(typeof(OpenIdView))]
internal sealed partial class ClusterJson : JsonSerializerContext;
