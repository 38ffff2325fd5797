using KubectlMlopsBackup.Sources.ClusterConfig.Restore;
using static KubectlMlopsBackup.UnitTests.Sources.ClusterConfig.Objects;

namespace KubectlMlopsBackup.UnitTests.Sources.ClusterConfig.Restore;

public sealed class RestoreOrderTests
{
    [Fact]
    public void What_others_need_comes_first()
    {
        var steps = RestoreOrder.Steps(
        [
            Named("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", null, "hook"),
            Named("example.com/v1", "Thing", "n", "thing"),
            Named("networking.k8s.io/v1", "Ingress", "n", "ingress"),
            Named("batch/v1", "CronJob", "n", "cron"),
            Named("apps/v1", "Deployment", "n", "deployment"),
            Named("v1", "Service", "n", "service"),
            Named("v1", "PersistentVolumeClaim", "n", "claim"),
            Named("v1", "ConfigMap", "n", "map"),
            Named("v1", "Secret", "n", "secret"),
            Named("rbac.authorization.k8s.io/v1", "RoleBinding", "n", "binding"),
            Named("rbac.authorization.k8s.io/v1", "Role", "n", "role"),
            Named("v1", "ResourceQuota", "n", "quota"),
            Named("v1", "ServiceAccount", "n", "account"),
            Named("networking.k8s.io/v1", "NetworkPolicy", "n", "policy"),
            Named("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", null, "cluster-binding"),
            Named("rbac.authorization.k8s.io/v1", "ClusterRole", null, "cluster-role"),
            Named("storage.k8s.io/v1", "StorageClass", null, "class"),
            Named("apiextensions.k8s.io/v1", "CustomResourceDefinition", null, "things.example.com"),
            Named("v1", "Namespace", null, "n"),
        ]);

        Assert.Equal(
            [
                "n", "things.example.com", "cluster-role", "cluster-binding", "class", "role", "account", "policy", "binding", "quota", "map", "secret", "claim", "service",
                "cron", "deployment", "ingress", "thing", "hook",
            ],
            steps.SelectMany(s => s.Objects).Select(o => o.Key.Name));
    }

    [Fact]
    public void The_halves_are_the_whole() =>
        Assert.Equal(RestoreOrder.All, RestoreOrder.BeforeWorkloads.Concat(RestoreOrder.FromWorkloads).Order());
}
