"""Files that other systems leave behind: mailboxes (mbox, Maildir, eml) and tables (CSV, TSV, JSONL)."""

from cxconnectors.files.config import FilesConfig, Format
from cxconnectors.files.connector import Files
from cxconnectors.files.dry_run import DryRun, RowError, dry_run
from cxcore.sdk.mapping.language import Mapping

__all__ = ["DryRun", "Files", "FilesConfig", "Format", "Mapping", "RowError", "dry_run"]
