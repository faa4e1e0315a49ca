"""De-identification: files for release are written from an allow-list; nothing unknown is copied."""
