# Roles with the least rights that the plan's backups need at S3.

variable "eks_cluster" {
  type = string
}

resource "aws_iam_role" "mlopsbackup_backup" {
  name = "mlopsbackup-mlops-platform-backup"

  assume_role_policy = jsonencode({
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

resource "aws_eks_pod_identity_association" "mlopsbackup_backup_sa" {
  cluster_name    = var.eks_cluster
  namespace       = "mlops"
  service_account = "backup-sa"
  role_arn        = aws_iam_role.mlopsbackup_backup.arn
}

resource "aws_eks_pod_identity_association" "mlopsbackup_config_sa" {
  cluster_name    = var.eks_cluster
  namespace       = "mlops"
  service_account = "config-sa"
  role_arn        = aws_iam_role.mlopsbackup_backup.arn
}

resource "aws_iam_role" "mlopsbackup_restore" {
  name = "mlopsbackup-mlops-platform-restore"

  assume_role_policy = jsonencode({
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

resource "aws_eks_pod_identity_association" "mlopsbackup_restore_sa" {
  cluster_name    = var.eks_cluster
  namespace       = "mlops"
  service_account = "restore-sa"
  role_arn        = aws_iam_role.mlopsbackup_restore.arn
}

resource "aws_eks_pod_identity_association" "mlopsbackup_restore_sa_dr_test" {
  cluster_name    = var.eks_cluster
  namespace       = "dr-test"
  service_account = "restore-sa"
  role_arn        = aws_iam_role.mlopsbackup_restore.arn
}

resource "aws_eks_pod_identity_association" "mlopsbackup_restore_sa_dr_test_2" {
  cluster_name    = var.eks_cluster
  namespace       = "dr-test-2"
  service_account = "restore-sa"
  role_arn        = aws_iam_role.mlopsbackup_restore.arn
}

resource "aws_eks_pod_identity_association" "mlopsbackup_restore_sa_dr_test_3" {
  cluster_name    = var.eks_cluster
  namespace       = "dr-test-3"
  service_account = "restore-sa"
  role_arn        = aws_iam_role.mlopsbackup_restore.arn
}

resource "aws_iam_role" "mlopsbackup_prune" {
  name = "mlopsbackup-mlops-platform-prune"

  assume_role_policy = jsonencode({
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

resource "aws_eks_pod_identity_association" "mlopsbackup_prune_sa" {
  cluster_name    = var.eks_cluster
  namespace       = "mlops"
  service_account = "prune-sa"
  role_arn        = aws_iam_role.mlopsbackup_prune.arn
}
