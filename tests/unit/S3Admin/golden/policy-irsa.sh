#!/bin/sh
# Roles with the least rights that the plan's backups need at S3. Safe to run again.
set -eu

# backup
trust='{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {
        "Federated": "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/0123456789ABCDEF"
      },
      "Action": "sts:AssumeRoleWithWebIdentity",
      "Condition": {
        "StringEquals": {
          "oidc.eks.eu-central-1.amazonaws.com/id/0123456789ABCDEF:aud": "sts.amazonaws.com",
          "oidc.eks.eu-central-1.amazonaws.com/id/0123456789ABCDEF:sub": [
            "system:serviceaccount:mlops:backup-sa",
            "system:serviceaccount:mlops:config-sa"
          ]
        }
      }
    }
  ]
}'
role=$(aws iam get-role --role-name 'mlopsbackup-mlops-platform-backup' --query Role.Arn --output text 2>/dev/null) ||
  role=$(aws iam create-role --role-name 'mlopsbackup-mlops-platform-backup' --query Role.Arn --output text --assume-role-policy-document "$trust")
aws iam update-assume-role-policy --role-name 'mlopsbackup-mlops-platform-backup' --policy-document "$trust"
aws iam put-role-policy --role-name 'mlopsbackup-mlops-platform-backup' --policy-name mlopsbackup --policy-document '{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "ListOffSite",
      "Effect": "Allow",
      "Action": "s3:ListBucket",
      "Resource": "arn:aws:s3:::mlops-backups"
    },
    {
      "Sid": "ReadOffSite",
      "Effect": "Allow",
      "Action": "s3:GetObject",
      "Resource": "arn:aws:s3:::mlops-backups/*"
    },
    {
      "Sid": "WriteOffSite",
      "Effect": "Allow",
      "Action": [
        "s3:PutObject",
        "s3:AbortMultipartUpload"
      ],
      "Resource": "arn:aws:s3:::mlops-backups/*"
    },
    {
      "Sid": "DeleteOffSite",
      "Effect": "Allow",
      "Action": "s3:DeleteObject",
      "Resource": [
        "arn:aws:s3:::mlops-backups/snapshots/*",
        "arn:aws:s3:::mlops-backups/receipts/*",
        "arn:aws:s3:::mlops-backups/verifications/*",
        "arn:aws:s3:::mlops-backups/index/*",
        "arn:aws:s3:::mlops-backups/packs/*",
        "arn:aws:s3:::mlops-backups/marks/*",
        "arn:aws:s3:::mlops-backups/leases/*",
        "arn:aws:s3:::mlops-backups/shares/*",
        "arn:aws:s3:::mlops-backups/reports/*"
      ]
    },
    {
      "Sid": "ListOfArtifacts",
      "Effect": "Allow",
      "Action": "s3:ListBucket",
      "Resource": "arn:aws:s3:::mlflow-artifacts",
      "Condition": {
        "StringLikeIfExists": {
          "s3:prefix": "prod/*"
        }
      }
    },
    {
      "Sid": "ReadOfArtifacts",
      "Effect": "Allow",
      "Action": "s3:GetObject",
      "Resource": "arn:aws:s3:::mlflow-artifacts/prod/*"
    }
  ]
}'
echo "write into the plan, and install it again: kubernetes.serviceAccountAnnotations.backup: {eks.amazonaws.com/role-arn: \"$role\"}"

# restore
trust='{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {
        "Federated": "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/0123456789ABCDEF"
      },
      "Action": "sts:AssumeRoleWithWebIdentity",
      "Condition": {
        "StringEquals": {
          "oidc.eks.eu-central-1.amazonaws.com/id/0123456789ABCDEF:aud": "sts.amazonaws.com",
          "oidc.eks.eu-central-1.amazonaws.com/id/0123456789ABCDEF:sub": "system:serviceaccount:mlops:restore-sa"
        }
      }
    }
  ]
}'
role=$(aws iam get-role --role-name 'mlopsbackup-mlops-platform-restore' --query Role.Arn --output text 2>/dev/null) ||
  role=$(aws iam create-role --role-name 'mlopsbackup-mlops-platform-restore' --query Role.Arn --output text --assume-role-policy-document "$trust")
aws iam update-assume-role-policy --role-name 'mlopsbackup-mlops-platform-restore' --policy-document "$trust"
aws iam put-role-policy --role-name 'mlopsbackup-mlops-platform-restore' --policy-name mlopsbackup --policy-document '{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "ListOffSite",
      "Effect": "Allow",
      "Action": "s3:ListBucket",
      "Resource": "arn:aws:s3:::mlops-backups"
    },
    {
      "Sid": "ReadOffSite",
      "Effect": "Allow",
      "Action": "s3:GetObject",
      "Resource": "arn:aws:s3:::mlops-backups/*"
    },
    {
      "Sid": "RecordProofOffSite",
      "Effect": "Allow",
      "Action": "s3:PutObject",
      "Resource": [
        "arn:aws:s3:::mlops-backups/verifications/*",
        "arn:aws:s3:::mlops-backups/reports/*"
      ]
    },
    {
      "Sid": "ListOfArtifacts",
      "Effect": "Allow",
      "Action": "s3:ListBucket",
      "Resource": "arn:aws:s3:::mlflow-artifacts",
      "Condition": {
        "StringLikeIfExists": {
          "s3:prefix": "prod/*"
        }
      }
    },
    {
      "Sid": "ReadOfArtifacts",
      "Effect": "Allow",
      "Action": "s3:GetObject",
      "Resource": "arn:aws:s3:::mlflow-artifacts/prod/*"
    },
    {
      "Sid": "WriteOfArtifacts",
      "Effect": "Allow",
      "Action": [
        "s3:PutObject",
        "s3:AbortMultipartUpload"
      ],
      "Resource": "arn:aws:s3:::mlflow-artifacts/prod/*"
    },
    {
      "Sid": "DeleteOfArtifacts",
      "Effect": "Allow",
      "Action": "s3:DeleteObject",
      "Resource": "arn:aws:s3:::mlflow-artifacts/prod/*"
    }
  ]
}'
echo "write into the plan, and install it again: kubernetes.serviceAccountAnnotations.restore: {eks.amazonaws.com/role-arn: \"$role\"}"

# prune
trust='{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {
        "Federated": "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/0123456789ABCDEF"
      },
      "Action": "sts:AssumeRoleWithWebIdentity",
      "Condition": {
        "StringEquals": {
          "oidc.eks.eu-central-1.amazonaws.com/id/0123456789ABCDEF:aud": "sts.amazonaws.com",
          "oidc.eks.eu-central-1.amazonaws.com/id/0123456789ABCDEF:sub": "system:serviceaccount:mlops:prune-sa"
        }
      }
    }
  ]
}'
role=$(aws iam get-role --role-name 'mlopsbackup-mlops-platform-prune' --query Role.Arn --output text 2>/dev/null) ||
  role=$(aws iam create-role --role-name 'mlopsbackup-mlops-platform-prune' --query Role.Arn --output text --assume-role-policy-document "$trust")
aws iam update-assume-role-policy --role-name 'mlopsbackup-mlops-platform-prune' --policy-document "$trust"
aws iam put-role-policy --role-name 'mlopsbackup-mlops-platform-prune' --policy-name mlopsbackup --policy-document '{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "ListOffSite",
      "Effect": "Allow",
      "Action": "s3:ListBucket",
      "Resource": "arn:aws:s3:::mlops-backups"
    },
    {
      "Sid": "ReadOffSite",
      "Effect": "Allow",
      "Action": "s3:GetObject",
      "Resource": "arn:aws:s3:::mlops-backups/*"
    },
    {
      "Sid": "WriteOffSite",
      "Effect": "Allow",
      "Action": [
        "s3:PutObject",
        "s3:AbortMultipartUpload"
      ],
      "Resource": "arn:aws:s3:::mlops-backups/*"
    },
    {
      "Sid": "DeleteOffSite",
      "Effect": "Allow",
      "Action": "s3:DeleteObject",
      "Resource": [
        "arn:aws:s3:::mlops-backups/snapshots/*",
        "arn:aws:s3:::mlops-backups/receipts/*",
        "arn:aws:s3:::mlops-backups/verifications/*",
        "arn:aws:s3:::mlops-backups/index/*",
        "arn:aws:s3:::mlops-backups/packs/*",
        "arn:aws:s3:::mlops-backups/marks/*",
        "arn:aws:s3:::mlops-backups/leases/*",
        "arn:aws:s3:::mlops-backups/shares/*",
        "arn:aws:s3:::mlops-backups/reports/*"
      ]
    }
  ]
}'
echo "write into the plan, and install it again: kubernetes.serviceAccountAnnotations.prune: {eks.amazonaws.com/role-arn: \"$role\"}"
