"""What an award round is: editions, rounds, applications, notices, awards; no web, no SpiffWorkflow."""
