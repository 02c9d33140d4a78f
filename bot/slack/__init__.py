"""Block Kit turns that every feature needs, and speaking to Slack, where a refusal is a value."""
