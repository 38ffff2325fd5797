#!/bin/sh
# The bucket of the repository "off-site", as s3 setup makes it. Safe to run again.
# Unlike s3 setup it does not merge with what others have set: it stops where there is something of theirs.
set -eu
bucket='mlops-backups'
export AWS_DEFAULT_REGION='eu-central-1'

aws s3api head-bucket --bucket "$bucket" 2>/dev/null ||
  aws s3api create-bucket --bucket "$bucket" --create-bucket-configuration 'LocationConstraint=eu-central-1'

aws s3api put-public-access-block --bucket "$bucket" --public-access-block-configuration \
  BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true
aws s3api put-bucket-ownership-controls --bucket "$bucket" --ownership-controls 'Rules=[{ObjectOwnership=BucketOwnerEnforced}]'
aws s3api put-bucket-versioning --bucket "$bucket" --versioning-configuration Status=Enabled
aws s3api put-bucket-encryption --bucket "$bucket" --server-side-encryption-configuration '{
  "Rules": [
    {
      "ApplyServerSideEncryptionByDefault": {
        "SSEAlgorithm": "AES256"
      }
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
      "ID": "mlopsbackup-noncurrent",
      "Status": "Enabled",
      "Filter": {
        "Prefix": ""
      },
      "NoncurrentVersionExpiration": {
        "NoncurrentDays": 30
      },
      "Expiration": {
        "ExpiredObjectDeleteMarker": true
      }
    },
    {
      "ID": "mlopsbackup-multipart",
      "Status": "Enabled",
      "Filter": {
        "Prefix": ""
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
