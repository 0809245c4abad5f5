"""Slack: receive, render, send. The only home of slack_bolt and slack_sdk."""
