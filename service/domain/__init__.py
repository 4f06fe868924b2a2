"""What an award round is: programmes, editions, rounds, applications, notices, awards; no web, no SpiffWorkflow."""
