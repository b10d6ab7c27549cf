"""What several tests share: a server to test against, and sources to pull from."""
