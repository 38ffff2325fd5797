using Amazon;
using Amazon.Runtime;
using Amazon.RuntimeDependencies;
using Amazon.SecurityToken;

namespace KubectlMlopsBackup.Repository.Storage;

/// <summary>Lets the SDK's default chain of credentials trade the token of a ServiceAccount (IRSA) for keys.</summary>
internal static class WebIdentity
{
    /// <summary>Any region does off AWS, but the signature needs one.</summary>
    public const string AnyRegion = "us-east-1";

    static WebIdentity() =>
        // The SDK finds this client by reflection otherwise, which a trimmed binary cannot do. A web identity token
        // is its own proof, so that call is not signed; asking the chain for credentials here would recurse.
        GlobalRuntimeDependencyRegistry.Instance.RegisterSecurityTokenServiceClient(context =>
            new AmazonSecurityTokenServiceClient(
                new AnonymousAWSCredentials(),
                context.SecurityTokenServiceClientContextData.Region ?? RegionEndpoint.GetBySystemName(AnyRegion)));

    /// <summary>Before the first client is made; once is enough.</summary>
    public static void Enable()
    {
        // The work is that of the static constructor.
    }
}
