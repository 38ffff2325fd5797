# Roles with the least rights that the plan's backups need at S3.

resource "aws_iam_role" "mlopsbackup_backup" {
  name = "mlopsbackup-mlops-platform-backup"

  assume_role_policy = jsonencode({
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
  })
}

resource "aws_iam_role_policy" "mlopsbackup_backup" {
  name = "mlopsbackup"
  role = aws_iam_role.mlopsbackup_backup.id

  policy = jsonencode({
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
  })
}

output "mlopsbackup_backup_role" {
  description = "For kubernetes.serviceAccountAnnotations.backup of the plan: eks.amazonaws.com/role-arn"
  value       = aws_iam_role.mlopsbackup_backup.arn
}

resource "aws_iam_role" "mlopsbackup_restore" {
  name = "mlopsbackup-mlops-platform-restore"

  assume_role_policy = jsonencode({
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
  })
}

resource "aws_iam_role_policy" "mlopsbackup_restore" {
  name = "mlopsbackup"
  role = aws_iam_role.mlopsbackup_restore.id

  policy = jsonencode({
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
  })
}

output "mlopsbackup_restore_role" {
  description = "For kubernetes.serviceAccountAnnotations.restore of the plan: eks.amazonaws.com/role-arn"
  value       = aws_iam_role.mlopsbackup_restore.arn
}

resource "aws_iam_role" "mlopsbackup_prune" {
  name = "mlopsbackup-mlops-platform-prune"

  assume_role_policy = jsonencode({
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
  })
}

resource "aws_iam_role_policy" "mlopsbackup_prune" {
  name = "mlopsbackup"
  role = aws_iam_role.mlopsbackup_prune.id

  policy = jsonencode({
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
  })
}

output "mlopsbackup_prune_role" {
  description = "For kubernetes.serviceAccountAnnotations.prune of the plan: eks.amazonaws.com/role-arn"
  value       = aws_iam_role.mlopsbackup_prune.arn
}
