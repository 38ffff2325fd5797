#!/bin/sh
# Roles with the least rights that the plan's backups need at S3. Safe to run again.
set -eu
: "${EKS_CLUSTER:?set it to the name of the EKS cluster}"

# backup
trust='{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {
        "Service": "pods.eks.amazonaws.com"
      },
      "Action": [
        "sts:AssumeRole",
        "sts:TagSession"
      ],
      "Condition": {
        "StringEquals": {
          "aws:RequestTag/kubernetes-namespace": "mlops",
          "aws:RequestTag/kubernetes-service-account": [
            "backup-sa",
            "config-sa"
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
there=$(aws eks list-pod-identity-associations --cluster-name "$EKS_CLUSTER" --namespace 'mlops' --service-account 'backup-sa' \
  --query 'length(associations)' --output text)
if [ "$there" = 0 ]; then
  aws eks create-pod-identity-association --cluster-name "$EKS_CLUSTER" --namespace 'mlops' --service-account 'backup-sa' --role-arn "$role"
fi
there=$(aws eks list-pod-identity-associations --cluster-name "$EKS_CLUSTER" --namespace 'mlops' --service-account 'config-sa' \
  --query 'length(associations)' --output text)
if [ "$there" = 0 ]; then
  aws eks create-pod-identity-association --cluster-name "$EKS_CLUSTER" --namespace 'mlops' --service-account 'config-sa' --role-arn "$role"
fi

# restore
trust='{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {
        "Service": "pods.eks.amazonaws.com"
      },
      "Action": [
        "sts:AssumeRole",
        "sts:TagSession"
      ],
      "Condition": {
        "StringEquals": {
          "aws:RequestTag/kubernetes-namespace": "mlops",
          "aws:RequestTag/kubernetes-service-account": "restore-sa"
        }
      }
    },
    {
      "Effect": "Allow",
      "Principal": {
        "Service": "pods.eks.amazonaws.com"
      },
      "Action": [
        "sts:AssumeRole",
        "sts:TagSession"
      ],
      "Condition": {
        "StringEquals": {
          "aws:RequestTag/kubernetes-namespace": [
            "dr-test",
            "dr-test-2",
            "dr-test-3"
          ],
          "aws:RequestTag/kubernetes-service-account": "restore-sa"
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
there=$(aws eks list-pod-identity-associations --cluster-name "$EKS_CLUSTER" --namespace 'mlops' --service-account 'restore-sa' \
  --query 'length(associations)' --output text)
if [ "$there" = 0 ]; then
  aws eks create-pod-identity-association --cluster-name "$EKS_CLUSTER" --namespace 'mlops' --service-account 'restore-sa' --role-arn "$role"
fi
there=$(aws eks list-pod-identity-associations --cluster-name "$EKS_CLUSTER" --namespace 'dr-test' --service-account 'restore-sa' \
  --query 'length(associations)' --output text)
if [ "$there" = 0 ]; then
  aws eks create-pod-identity-association --cluster-name "$EKS_CLUSTER" --namespace 'dr-test' --service-account 'restore-sa' --role-arn "$role"
fi
there=$(aws eks list-pod-identity-associations --cluster-name "$EKS_CLUSTER" --namespace 'dr-test-2' --service-account 'restore-sa' \
  --query 'length(associations)' --output text)
if [ "$there" = 0 ]; then
  aws eks create-pod-identity-association --cluster-name "$EKS_CLUSTER" --namespace 'dr-test-2' --service-account 'restore-sa' --role-arn "$role"
fi
there=$(aws eks list-pod-identity-associations --cluster-name "$EKS_CLUSTER" --namespace 'dr-test-3' --service-account 'restore-sa' \
  --query 'length(associations)' --output text)
if [ "$there" = 0 ]; then
  aws eks create-pod-identity-association --cluster-name "$EKS_CLUSTER" --namespace 'dr-test-3' --service-account 'restore-sa' --role-arn "$role"
fi

# prune
trust='{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {
        "Service": "pods.eks.amazonaws.com"
      },
      "Action": [
        "sts:AssumeRole",
        "sts:TagSession"
      ],
      "Condition": {
        "StringEquals": {
          "aws:RequestTag/kubernetes-namespace": "mlops",
          "aws:RequestTag/kubernetes-service-account": "prune-sa"
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
there=$(aws eks list-pod-identity-associations --cluster-name "$EKS_CLUSTER" --namespace 'mlops' --service-account 'prune-sa' \
  --query 'length(associations)' --output text)
if [ "$there" = 0 ]; then
  aws eks create-pod-identity-association --cluster-name "$EKS_CLUSTER" --namespace 'mlops' --service-account 'prune-sa' --role-arn "$role"
fi
