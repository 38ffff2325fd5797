# The bucket of the repository "offsite", as s3 setup makes it.
# These resources own the bucket's policy, lifecycle rules and replication: put statements and rules of others into them.

resource "aws_s3_bucket" "mlopsbackup_offsite" {
  bucket              = "mlops-backups"
  object_lock_enabled = true

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_public_access_block" "mlopsbackup_offsite" {
  bucket                  = aws_s3_bucket.mlopsbackup_offsite.id
  block_public_acls       = true
  ignore_public_acls      = true
  block_public_policy     = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "mlopsbackup_offsite" {
  bucket = aws_s3_bucket.mlopsbackup_offsite.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_versioning" "mlopsbackup_offsite" {
  bucket = aws_s3_bucket.mlopsbackup_offsite.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "mlopsbackup_offsite" {
  bucket = aws_s3_bucket.mlopsbackup_offsite.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = "alias/backup"
    }
    bucket_key_enabled = true
  }
}

# Requests without TLS are refused.
resource "aws_s3_bucket_policy" "mlopsbackup_offsite" {
  bucket = aws_s3_bucket.mlopsbackup_offsite.id

  policy = jsonencode({
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
  })

  depends_on = [aws_s3_bucket_public_access_block.mlopsbackup_offsite]
}

# No rule expires live objects: packs are shared between nights, so the oldest may be part of tonight's backup.
# Old backups go by the plan's retention.
resource "aws_s3_bucket_lifecycle_configuration" "mlopsbackup_offsite" {
  bucket = aws_s3_bucket.mlopsbackup_offsite.id

  rule {
    id     = "mlopsbackup-noncurrent-it's.$${prod}"
    status = "Enabled"

    filter {
      prefix = "it's/$${prod}/"
    }

    noncurrent_version_expiration {
      noncurrent_days = 30
    }

    expiration {
      expired_object_delete_marker = true
    }
  }

  rule {
    id     = "mlopsbackup-multipart-it's.$${prod}"
    status = "Enabled"

    filter {
      prefix = "it's/$${prod}/"
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  depends_on = [aws_s3_bucket_versioning.mlopsbackup_offsite]
}

resource "aws_s3_bucket_object_lock_configuration" "mlopsbackup_offsite" {
  bucket = aws_s3_bucket.mlopsbackup_offsite.id

  rule {
    default_retention {
      mode = "COMPLIANCE"
      days = 120
    }
  }

  depends_on = [aws_s3_bucket_versioning.mlopsbackup_offsite]
}

resource "aws_iam_role" "mlopsbackup_offsite_replication" {
  name = "mlopsbackup-replication-offsite"

  assume_role_policy = jsonencode({
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
  })
}

resource "aws_iam_role_policy" "mlopsbackup_offsite_replication" {
  name = "replication"
  role = aws_iam_role.mlopsbackup_offsite_replication.id

  policy = jsonencode({
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
        "Resource": "arn:aws:s3:::mlops-backups/it's/$${$}{prod}/*"
      },
      {
        "Sid": "Replicate",
        "Effect": "Allow",
        "Action": [
          "s3:ReplicateObject",
          "s3:ReplicateTags"
        ],
        "Resource": "arn:aws:s3:::mlops-elsewhere/it's/$${$}{prod}/*"
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
  })
}

# Every new object is copied to another bucket, which must be versioned. Deletions are not copied.
resource "aws_s3_bucket_replication_configuration" "mlopsbackup_offsite" {
  bucket = aws_s3_bucket.mlopsbackup_offsite.id
  role   = aws_iam_role.mlopsbackup_offsite_replication.arn

  rule {
    id       = "mlopsbackup-replication-it's.$${prod}"
    priority = 1
    status   = "Enabled"

    filter {
      prefix = "it's/$${prod}/"
    }

    delete_marker_replication {
      status = "Disabled"
    }

    source_selection_criteria {
      sse_kms_encrypted_objects {
        status = "Enabled"
      }
    }

    destination {
      bucket        = "arn:aws:s3:::mlops-elsewhere"
      storage_class = "GLACIER_IR"

      encryption_configuration {
        replica_kms_key_id = "arn:aws:kms:eu-west-1:123456789012:key/0000"
      }
    }
  }

  depends_on = [aws_s3_bucket_versioning.mlopsbackup_offsite]
}
