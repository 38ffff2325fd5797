#!/bin/sh
# The bucket of the repository "offsite", as s3 setup makes it. Safe to run again.
# Unlike s3 setup it does not merge with what others have set: it stops where there is something of theirs.
set -eu
bucket='mlops-backups'
export AWS_DEFAULT_REGION='eu-central-1'

aws s3api head-bucket --bucket "$bucket" 2>/dev/null ||
  aws s3api create-bucket --bucket "$bucket" --create-bucket-configuration 'LocationConstraint=eu-central-1' --object-lock-enabled-for-bucket

aws s3api put-public-access-block --bucket "$bucket" --public-access-block-configuration \
  BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true
aws s3api put-bucket-ownership-controls --bucket "$bucket" --ownership-controls 'Rules=[{ObjectOwnership=BucketOwnerEnforced}]'
aws s3api put-bucket-versioning --bucket "$bucket" --versioning-configuration Status=Enabled
aws s3api put-bucket-encryption --bucket "$bucket" --server-side-encryption-configuration '{
  "Rules": [
    {
      "ApplyServerSideEncryptionByDefault": {
        "SSEAlgorithm": "aws:kms",
        "KMSMasterKeyID": "alias/backup"
      },
      "BucketKeyEnabled": true
    }
  ]
}'

# Requests without TLS are refused.
policy='{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "MlopsBackupTlsOnly",
      "Effect": "Deny",
      "Principal": "*",
      "Action": "s3:*",
      "Resource": [
        "arn:aws:s3:::mlops-backups",
        "arn:aws:s3:::mlops-backups/*"
      ],
      "Condition": {
        "Bool": {
          "aws:SecureTransport": "false"
        }
      }
    }
  ]
}'
if aws s3api get-bucket-policy --bucket "$bucket" >/dev/null 2>&1; then
  echo "the bucket has a policy: add the statement MlopsBackupTlsOnly to it by hand, or run s3 setup, which merges" >&2
else
  aws s3api put-bucket-policy --bucket "$bucket" --policy "$policy"
fi

# No rule expires live objects: packs are shared between nights, so the oldest may be part of tonight's backup.
# Old backups go by the plan's retention.
lifecycle='{
  "Rules": [
    {
      "ID": "mlopsbackup-noncurrent-it'\''s.${prod}",
      "Status": "Enabled",
      "Filter": {
        "Prefix": "it'\''s/${prod}/"
      },
      "NoncurrentVersionExpiration": {
        "NoncurrentDays": 30
      },
      "Expiration": {
        "ExpiredObjectDeleteMarker": true
      }
    },
    {
      "ID": "mlopsbackup-multipart-it'\''s.${prod}",
      "Status": "Enabled",
      "Filter": {
        "Prefix": "it'\''s/${prod}/"
      },
      "AbortIncompleteMultipartUpload": {
        "DaysAfterInitiation": 7
      }
    }
  ]
}'
if aws s3api get-bucket-lifecycle-configuration --bucket "$bucket" >/dev/null 2>&1; then
  echo "the bucket has lifecycle rules: add these by hand, or run s3 setup, which merges: $lifecycle" >&2
else
  aws s3api put-bucket-lifecycle-configuration --bucket "$bucket" --lifecycle-configuration "$lifecycle"
fi

aws s3api put-object-lock-configuration --bucket "$bucket" --object-lock-configuration '{
  "ObjectLockEnabled": "Enabled",
  "Rule": {
    "DefaultRetention": {
      "Mode": "COMPLIANCE",
      "Days": 120
    }
  }
}'

# Every new object is copied to 'mlops-elsewhere', which must be versioned. Deletions are not copied.
role=$(aws iam get-role --role-name 'mlopsbackup-replication-offsite' --query Role.Arn --output text 2>/dev/null) ||
  role=$(aws iam create-role --role-name 'mlopsbackup-replication-offsite' --query Role.Arn --output text --assume-role-policy-document '{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {
        "Service": "s3.amazonaws.com"
      },
      "Action": "sts:AssumeRole"
    }
  ]
}')
aws iam put-role-policy --role-name 'mlopsbackup-replication-offsite' --policy-name replication --policy-document '{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "ReadRules",
      "Effect": "Allow",
      "Action": [
        "s3:GetReplicationConfiguration",
        "s3:ListBucket"
      ],
      "Resource": "arn:aws:s3:::mlops-backups"
    },
    {
      "Sid": "ReadVersions",
      "Effect": "Allow",
      "Action": [
        "s3:GetObjectVersionForReplication",
        "s3:GetObjectVersionAcl",
        "s3:GetObjectVersionTagging",
        "s3:GetObjectRetention",
        "s3:GetObjectLegalHold"
      ],
      "Resource": "arn:aws:s3:::mlops-backups/it'\''s/${$}{prod}/*"
    },
    {
      "Sid": "Replicate",
      "Effect": "Allow",
      "Action": [
        "s3:ReplicateObject",
        "s3:ReplicateTags"
      ],
      "Resource": "arn:aws:s3:::mlops-elsewhere/it'\''s/${$}{prod}/*"
    },
    {
      "Sid": "Decrypt",
      "Effect": "Allow",
      "Action": "kms:Decrypt",
      "Resource": "arn:aws:kms:eu-central-1:*:key/*",
      "Condition": {
        "ForAnyValue:StringEquals": {
          "kms:ResourceAliases": "alias/backup"
        }
      }
    },
    {
      "Sid": "Encrypt",
      "Effect": "Allow",
      "Action": "kms:Encrypt",
      "Resource": "arn:aws:kms:eu-west-1:123456789012:key/0000"
    }
  ]
}'
echo "write into the plan: setup.replication.role: $role"
replication='{
  "Role": "ROLE_ARN",
  "Rules": [
    {
      "ID": "mlopsbackup-replication-it'\''s.${prod}",
      "Priority": 1,
      "Status": "Enabled",
      "Filter": {
        "Prefix": "it'\''s/${prod}/"
      },
      "DeleteMarkerReplication": {
        "Status": "Disabled"
      },
      "Destination": {
        "Bucket": "arn:aws:s3:::mlops-elsewhere",
        "StorageClass": "GLACIER_IR",
        "EncryptionConfiguration": {
          "ReplicaKmsKeyID": "arn:aws:kms:eu-west-1:123456789012:key/0000"
        }
      },
      "SourceSelectionCriteria": {
        "SseKmsEncryptedObjects": {
          "Status": "Enabled"
        }
      }
    }
  ]
}'
if aws s3api get-bucket-replication --bucket "$bucket" >/dev/null 2>&1; then
  echo "the bucket has replication rules: add this one by hand, or run s3 setup, which merges: $replication" >&2
else
  aws s3api put-bucket-replication --bucket "$bucket" --replication-configuration "$(printf %s "$replication" | sed "s|ROLE_ARN|$role|")"
fi
