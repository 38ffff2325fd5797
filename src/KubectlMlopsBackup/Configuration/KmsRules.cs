using KubectlMlopsBackup.Repository.Kms;

namespace KubectlMlopsBackup.Configuration;

internal static class KmsRules
{
    public static void Check(string path, KmsSpec kms, PlanProblems problems)
    {
        const string Wanted = "a key of AWS KMS: its ARN (arn:aws:kms:REGION:ACCOUNT:key/ID), its id, or alias/NAME";
        if (kms.KeyId.Length == 0)
        {
            problems.AddMissing($"{path}.keyId", Wanted);
        }
        else if (!KmsArn.IsKeyId(kms.KeyId))
        {
            problems.Add($"{path}.keyId", kms.KeyId, Wanted);
        }
        else if (KmsArn.Region(kms.KeyId) is { } region)
        {
            if (kms.Region is { } other && other != region)
            {
                problems.Add($"{path}.region", other, $"{region}, as keyId says; or leave it out");
            }
        }
        else if (kms.Region is null)
        {
            problems.AddMissing($"{path}.region", "the key's region, such as eu-central-1; or the key's ARN in keyId, which says it");
        }

        S3Rules.CheckRegion($"{path}.region", kms.Region, problems);
        S3Rules.CheckEndpoint($"{path}.endpoint", kms.Endpoint, problems);
        if (kms.Credentials is { } credentials)
        {
            S3Rules.CheckCredentials($"{path}.credentials", credentials, problems);
        }
    }
}
