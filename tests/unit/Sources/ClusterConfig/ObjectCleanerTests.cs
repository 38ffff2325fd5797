using static KubectlMlopsBackup.UnitTests.Sources.ClusterConfig.Objects;

namespace KubectlMlopsBackup.UnitTests.Sources.ClusterConfig;

public sealed class ObjectCleanerTests
{
    [Fact]
    public void What_the_cluster_writes_into_every_object_goes() => Same(
        """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a","namespace":"n","labels":{"app":"a"},"annotations":{"mine":"1"}},"spec":{"replicas":2,"template":{"metadata":{"labels":{"app":"a"}},"spec":{"nodeName":"chosen"}}}}""",
        Cleaned(
            """
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a","namespace":"n","uid":"u","resourceVersion":"9","generation":3,"creationTimestamp":"2026-11-26T00:00:00Z",
             "labels":{"app":"a"},"annotations":{"mine":"1","deployment.kubernetes.io/revision":"4","kubectl.kubernetes.io/last-applied-configuration":"{}"},
             "finalizers":["x"],"ownerReferences":[{"kind":"Thing","name":"t","uid":"u"}],"managedFields":[{"manager":"kubectl"}]},
             "spec":{"replicas":2,"template":{"metadata":{"creationTimestamp":null,"labels":{"app":"a"}},"spec":{"nodeName":"chosen"}}},"status":{"replicas":2}}
            """));

    [Fact]
    public void The_object_that_is_cleaned_is_not_changed()
    {
        var live = Json("""{"apiVersion":"v1","kind":"Service","metadata":{"name":"a","uid":"u"},"spec":{"clusterIP":"10.0.0.1","ports":[{"port":80,"nodePort":30000}]},"status":{}}""");
        var before = live.ToJsonString();

        _ = KubectlMlopsBackup.Sources.ClusterConfig.ObjectCleaner.Clean(KubectlMlopsBackup.Sources.ClusterConfig.ConfigObject.Of(live).Key, live);

        Assert.Equal(before, live.ToJsonString());
    }

    [Fact]
    public void An_address_that_the_cluster_gave_goes_and_a_choice_stays()
    {
        Same("""{"ports":[{"port":80}],"type":"ClusterIP"}""", Cleaned(
            """{"apiVersion":"v1","kind":"Service","metadata":{"name":"a"},"spec":{"type":"ClusterIP","clusterIP":"10.0.0.1","clusterIPs":["10.0.0.1"],"ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack","healthCheckNodePort":31000,"ports":[{"port":80}]}}""")["spec"]);
        Same("""{"clusterIP":"None","ipFamilies":["IPv4","IPv6"],"ipFamilyPolicy":"RequireDualStack"}""", Cleaned(
            """{"apiVersion":"v1","kind":"Service","metadata":{"name":"a"},"spec":{"clusterIP":"None","clusterIPs":["None"],"ipFamilies":["IPv4","IPv6"],"ipFamilyPolicy":"RequireDualStack"}}""")["spec"]);
    }

    [Fact]
    public void A_node_port_stays_only_where_somebody_asked_for_it() => Same(
        """{"type":"NodePort","ports":[{"port":80,"protocol":"TCP","nodePort":30080},{"port":81,"protocol":"TCP"},{"port":80,"protocol":"UDP"}]}""",
        Cleaned(
            """
            {"apiVersion":"v1","kind":"Service","metadata":{"name":"a","managedFields":[{"manager":"kubectl","fieldsV1":{"f:spec":{"f:ports":{
              "k:{\"port\":80,\"protocol\":\"TCP\"}":{"f:port":{},"f:nodePort":{}},"k:{\"port\":81,\"protocol\":\"TCP\"}":{"f:port":{}},"k:broken":{"f:nodePort":{}}}}}}]},
             "spec":{"type":"NodePort","ports":[{"port":80,"protocol":"TCP","nodePort":30080},{"port":81,"protocol":"TCP","nodePort":30081},{"port":80,"protocol":"UDP","nodePort":30082}]}}
            """)["spec"]);

    [Fact]
    public void A_claim_loses_its_volume()
    {
        var claim = Cleaned(
            """
            {"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"a","finalizers":["kubernetes.io/pvc-protection"],"annotations":{"pv.kubernetes.io/bind-completed":"yes",
              "pv.kubernetes.io/bound-by-controller":"yes","volume.kubernetes.io/selected-node":"node-1","volume.kubernetes.io/storage-provisioner":"ebs"}},
             "spec":{"volumeName":"pvc-1","storageClassName":"gp3","dataSource":{"kind":"VolumeSnapshot","name":"s"},"resources":{"requests":{"storage":"1Gi"}}}}
            """);

        Same("""{"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"a"},"spec":{"storageClassName":"gp3","resources":{"requests":{"storage":"1Gi"}}}}""", claim);
    }

    [Fact]
    public void A_token_of_an_account_keeps_its_name_and_not_its_value() => Same(
        """{"apiVersion":"v1","kind":"Secret","type":"kubernetes.io/service-account-token","metadata":{"name":"robot","annotations":{"kubernetes.io/service-account.name":"a"}}}""",
        Cleaned(
            """
            {"apiVersion":"v1","kind":"Secret","type":"kubernetes.io/service-account-token","metadata":{"name":"robot","annotations":{"kubernetes.io/service-account.name":"a","kubernetes.io/service-account.uid":"u"}},
             "data":{"token":"eA==","ca.crt":"eA==","namespace":"eA=="}}
            """));

    [Fact]
    public void A_job_that_has_not_ended_loses_the_labels_of_its_controller() => Same(
        """{"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"a","labels":{"app":"x"}},"spec":{"template":{"metadata":{"labels":{"app":"x"}}}}}""",
        Cleaned(
            """
            {"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"a","labels":{"app":"x","controller-uid":"u","batch.kubernetes.io/controller-uid":"u","job-name":"a"}},
             "spec":{"selector":{"matchLabels":{"batch.kubernetes.io/controller-uid":"u"}},"template":{"metadata":{"labels":{"app":"x","controller-uid":"u","batch.kubernetes.io/job-name":"a","batch.kubernetes.io/controller-uid":"u","job-name":"a"}}}}}
            """));

    [Fact]
    public void A_bare_pod_loses_node_token_and_priority() => Same(
        """{"containers":[{"name":"c","image":"i"}],"priorityClassName":"high"}""",
        Cleaned(
            """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"nodeName":"n","priority":7,"priorityClassName":"high","preemptionPolicy":"Never",
             "volumes":[{"name":"kube-api-access-abcde","projected":{}}],"containers":[{"name":"c","image":"i","volumeMounts":[{"name":"kube-api-access-abcde","mountPath":"/x"}]}],
             "tolerations":[{"key":"node.kubernetes.io/not-ready","effect":"NoExecute","operator":"Exists","tolerationSeconds":300},{"key":"node.kubernetes.io/unreachable","operator":"Exists","tolerationSeconds":300}]}}
            """)["spec"]);

    [Fact]
    public void A_namespace_keeps_its_pod_security_and_an_aggregated_role_not_its_rules()
    {
        Same(
            """{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"a","labels":{"pod-security.kubernetes.io/enforce":"restricted"}}}""",
            Cleaned("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"a","labels":{"kubernetes.io/metadata.name":"a","pod-security.kubernetes.io/enforce":"restricted"}},"spec":{"finalizers":["kubernetes"]},"status":{"phase":"Active"}}"""));
        Assert.Null(Cleaned(
            """{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"a"},"aggregationRule":{"clusterRoleSelectors":[]},"rules":[{"verbs":["get"]}]}""")["rules"]);
    }
}
