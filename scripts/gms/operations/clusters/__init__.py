"""What a site's profile says, and what the cluster there says to it."""
