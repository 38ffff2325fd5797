using System.Security.Cryptography;
using System.Text;
using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;
using KubectlMlopsBackup.EndToEndTests.Cluster.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Cluster;

/// <summary>A namespace with objects of many kinds, custom ones too, and a repository in a folder. What it makes outside the namespace goes with it.</summary>
internal sealed class ConfigWorld : IAsyncDisposable
{
    /// <summary>Objects of each kind.</summary>
    private const int Each = 13;

    private const int CustomKinds = 16;

    private readonly ClusterFixture cluster;
    private readonly List<string> outside = [];

    private ConfigWorld(ClusterFixture cluster, TestNamespace ns)
    {
        this.cluster = cluster;
        Source = ns;
        Suffix = ns.Name[(ns.Name.LastIndexOf('-') + 1)..];
        Passphrase = ns.Write("passphrase", "correct horse battery staple");
        File.SetUnixFileMode(Passphrase, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public TestNamespace Source { get; }

    private string Suffix { get; }

    private string Passphrase { get; }

    private string Group => $"{Suffix}.e2e.mlopsbackup.io";

    public static async Task<ConfigWorld> CreateAsync(ClusterFixture cluster) => new(cluster, await cluster.NamespaceAsync());

    /// <summary>A plan with nothing but the configuration of a namespace, in a repository that all plans of this world share.</summary>
    /// <returns>Its file.</returns>
    public string Plan(string ns, bool encrypted = true) => Source.Write($"{ns}-{encrypted}.yaml",
        $$"""
        apiVersion: mlopsbackup.io/v1
        kind: BackupPlan
        metadata: {name: {{ns}} }
        spec:
          config: {namespaces: [{{ns}}] }
          repositories: [{name: local, path: {{Source.Folder}}/repository-{{encrypted}} }]
          encryption: {{(encrypted ? $"{{passphraseFile: {Passphrase} }}" : "{none: true}")}}
        """);

    /// <summary>The name of another namespace, which goes with the world.</summary>
    public string Another()
    {
        var name = $"{Source.Name}-{RandomNumberGenerator.GetString("bcdfghjkmnpqrstvwxz2456789", 4)}";
        outside.Add($"namespace/{name}");
        outside.Add($"clusterrolebinding/reader-{Suffix}-{name}");
        return name;
    }

    /// <summary>Fills the namespace: about 40 kinds, more than 500 objects.</summary>
    /// <returns>How many objects it has now, beside the namespace itself.</returns>
    public async Task<int> FillAsync()
    {
        var definitions = new StringBuilder();
        for (var i = 0; i < CustomKinds; i++)
        {
            outside.Add($"crd/thing{i}s.{Group}");
            definitions.Append(
                $$"""
                ---
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: thing{{i}}s.{{Group}} }
                spec:
                  group: {{Group}}
                  scope: Namespaced
                  names: {kind: Thing{{i}}, plural: thing{{i}}s, singular: thing{{i}} }
                  versions:
                  - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true} } }

                """);
        }

        string[] shared = [$"clusterrole/reader-{Suffix}", $"clusterrolebinding/reader-{Suffix}", $"priorityclass/{Suffix}", $"storageclass/{Suffix}"];
        outside.AddRange(shared);
        definitions.Append(
            $$"""
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: reader-{{Suffix}} }
            rules: [{apiGroups: [""], resources: [nodes], verbs: [get] }]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: reader-{{Suffix}} }
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader-{{Suffix}} }
            subjects: [{kind: ServiceAccount, name: a0, namespace: {{Source.Name}} }]
            ---
            apiVersion: scheduling.k8s.io/v1
            kind: PriorityClass
            metadata: {name: "{{Suffix}}" }
            value: 1000
            ---
            apiVersion: storage.k8s.io/v1
            kind: StorageClass
            metadata: {name: "{{Suffix}}" }
            provisioner: example.com/none
            volumeBindingMode: WaitForFirstConsumer

            """);
        await cluster.KubectlAsync(["create", "-f", "-"], definitions.ToString());
        await cluster.KubectlAsync(["wait", "--for=condition=Established", .. Enumerable.Range(0, CustomKinds).Select(i => $"crd/thing{i}s.{Group}")]);
        var objects = new StringBuilder();
        for (var i = 0; i < Each; i++)
        {
            foreach (var kind in Namespaced(i).Split("---\n", StringSplitOptions.RemoveEmptyEntries))
            {
                objects.Append("---\n").Append(kind);
            }

            for (var k = 0; k < CustomKinds; k++)
            {
                objects.Append($$"""
                    ---
                    apiVersion: {{Group}}/v1
                    kind: Thing{{k}}
                    metadata: {name: a{{i}} }
                    spec: {number: {{i}}, rate: 0.5, ref: {namespace: {{Source.Name}}, name: a0 }, text: "two\nlines\n", odd: [null, "", "no", "😀"] }

                    """);
            }
        }

        await cluster.KubectlAsync(["-n", Source.Name, "create", "-f", "-"], objects.ToString());
        return (Namespaced(0).Split("---\n", StringSplitOptions.RemoveEmptyEntries).Length + CustomKinds) * Each;
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await cluster.TryKubectlAsync(["delete", "--ignore-not-found", "--wait=false", .. outside.Distinct()]);
    }

    private string Namespaced(int i)
    {
        const string Restricted = "securityContext: {runAsNonRoot: true, runAsUser: 1, seccompProfile: {type: RuntimeDefault} }";
        const string Containers =
            "containers: [{name: c, image: \"example.com/none:1\", securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL] } }, env: [{name: DB, value: \"postgres://db.NS.svc:5432/x\"}] }]";
        var pod = $"{{{Restricted}, {Containers}, priorityClassName: \"{Suffix}\"}}".Replace("NS", Source.Name, StringComparison.Ordinal);
        var template = $"{{metadata: {{labels: {{app: a{i}}} }}, spec: {pod}}}";
        return
            $$"""
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: a{{i}}, labels: {part: "1"} }
            data: {x: "1", many: "a\n  b\n\nc", url: "http://s{{i}}.{{Source.Name}}.svc" }
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: a{{i}} }
            stringData: {password: hunter2-{{i}} }
            ---
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: a{{i}} }
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: s{{i}} }
            spec: {selector: {app: a{{i}} }, type: {{(i == 0 ? "NodePort" : "ClusterIP")}}, ports: [{port: 80}] }
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: h{{i}} }
            spec: {clusterIP: None, ports: [{port: 80}] }
            ---
            apiVersion: v1
            kind: Endpoints
            metadata: {name: h{{i}} }
            subsets: [{addresses: [{ip: 192.0.2.{{i + 1}} }], ports: [{port: 80}] }]
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: e{{i}}, labels: {"endpointslice.kubernetes.io/managed-by": me} }
            addressType: IPv4
            endpoints: [{addresses: [192.0.2.{{i + 1}}] }]
            ports: [{port: 80, name: "", protocol: TCP}]
            ---
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: {name: a{{i}} }
            spec: {accessModes: [ReadWriteOnce], storageClassName: "{{Suffix}}", resources: {requests: {storage: 1Gi} } }
            ---
            apiVersion: v1
            kind: PodTemplate
            metadata: {name: a{{i}} }
            template: {{template}}
            ---
            apiVersion: v1
            kind: ReplicationController
            metadata: {name: a{{i}} }
            spec: {replicas: 0, selector: {app: a{{i}} }, template: {{template}} }
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: p{{i}}, labels: {app: p{{i}} } }
            spec: {schedulingGates: [{name: example.com/never}], {{pod[1..]}}
            ---
            apiVersion: v1
            kind: ResourceQuota
            metadata: {name: a{{i}} }
            spec: {hard: {count/widgets.example.com: "{{i + 5}}"} }
            ---
            apiVersion: v1
            kind: LimitRange
            metadata: {name: a{{i}} }
            spec: {limits: [{type: PersistentVolumeClaim, max: {storage: 9Gi} }] }
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: a{{i}}, annotations: {meta.helm.sh/release-name: mlflow, meta.helm.sh/release-namespace: x} }
            spec: {replicas: 0, selector: {matchLabels: {app: a{{i}} } }, template: {{template}} }
            ---
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: a{{i}} }
            spec: {replicas: 0, serviceName: h{{i}}, selector: {matchLabels: {app: a{{i}} } }, template: {{template}}, volumeClaimTemplates: [{metadata: {name: d}, spec: {accessModes: [ReadWriteOnce], storageClassName: "{{Suffix}}", resources: {requests: {storage: 1Gi} } } }] }
            ---
            apiVersion: apps/v1
            kind: DaemonSet
            metadata: {name: a{{i}} }
            spec: {selector: {matchLabels: {app: d{{i}} } }, template: {metadata: {labels: {app: d{{i}} } }, spec: {nodeSelector: {none: "1"}, {{pod[1..]}} } }
            ---
            apiVersion: apps/v1
            kind: ReplicaSet
            metadata: {name: a{{i}} }
            spec: {replicas: 0, selector: {matchLabels: {app: r{{i}} } }, template: {metadata: {labels: {app: r{{i}} } }, spec: {{pod}} } }
            ---
            apiVersion: batch/v1
            kind: CronJob
            metadata: {name: a{{i}} }
            spec: {schedule: "0 0 1 1 *", suspend: true, jobTemplate: {spec: {template: {spec: {restartPolicy: Never, {{pod[1..]}} } } } }
            ---
            apiVersion: batch/v1
            kind: Job
            metadata: {name: a{{i}} }
            spec: {suspend: true, template: {spec: {restartPolicy: Never, {{pod[1..]}} } }
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: a{{i}} }
            spec: {podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: {{Source.Name}} } } }] }] }
            ---
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: a{{i}} }
            spec: {rules: [{host: "a{{i}}.example.com", http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s{{i}}, port: {number: 80} } } }] } }] }
            ---
            apiVersion: policy/v1
            kind: PodDisruptionBudget
            metadata: {name: a{{i}} }
            spec: {maxUnavailable: 1, selector: {matchLabels: {app: a{{i}} } } }
            ---
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata: {name: a{{i}} }
            spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: a{{i}} }, maxReplicas: 2 }
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: a{{i}} }
            rules: [{apiGroups: [""], resources: [pods], verbs: [get] }]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: a{{i}} }
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: a{{i}} }
            subjects: [{kind: ServiceAccount, name: a{{i}}, namespace: {{Source.Name}} }]

            """;
    }
}
