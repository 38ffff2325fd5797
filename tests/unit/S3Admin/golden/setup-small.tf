# The bucket of the repository "off-site", as s3 setup makes it.
# These resources own the bucket's policy, lifecycle rules and replication: put statements and rules of others into them.

resource "aws_s3_bucket" "mlopsbackup_off_site" {
  bucket = "mlops-backups"

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_public_access_block" "mlopsbackup_off_site" {
  bucket                  = aws_s3_bucket.mlopsbackup_off_site.id
  block_public_acls       = true
  ignore_public_acls      = true
  block_public_policy     = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "mlopsbackup_off_site" {
  bucket = aws_s3_bucket.mlopsbackup_off_site.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_versioning" "mlopsbackup_off_site" {
  bucket = aws_s3_bucket.mlopsbackup_off_site.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "mlopsbackup_off_site" {
  bucket = aws_s3_bucket.mlopsbackup_off_site.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

# Requests without TLS are refused.
resource "aws_s3_bucket_policy" "mlopsbackup_off_site" {
  bucket = aws_s3_bucket.mlopsbackup_off_site.id

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

  depends_on = [aws_s3_bucket_public_access_block.mlopsbackup_off_site]
}

# No rule expires live objects: packs are shared between nights, so the oldest may be part of tonight's backup.
# Old backups go by the plan's retention.
resource "aws_s3_bucket_lifecycle_configuration" "mlopsbackup_off_site" {
  bucket = aws_s3_bucket.mlopsbackup_off_site.id

  rule {
    id     = "mlopsbackup-noncurrent"
    status = "Enabled"

    filter {
      prefix = ""
    }

    noncurrent_version_expiration {
      noncurrent_days = 30
    }

    expiration {
      expired_object_delete_marker = true
    }
  }

  rule {
    id     = "mlopsbackup-multipart"
    status = "Enabled"

    filter {
      prefix = ""
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  depends_on = [aws_s3_bucket_versioning.mlopsbackup_off_site]
}
