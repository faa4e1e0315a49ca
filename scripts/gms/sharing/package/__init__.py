"""A package for sharing: Crypt4GH files, a signed manifest that closes the format's holes, approval, verification."""
