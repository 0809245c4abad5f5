"""The manifest with which Lotse is made an app of Slack: the fewest scopes, each with its reason."""

from __future__ import annotations

import yaml

from adapters.slack.receiving import COMMAND
from bot.phrases import say

SCOPES = (
    "app_mentions:read",
    "assistant:write",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "groups:history",
    "groups:read",
    "im:history",
    "mpim:history",
    "users:read",
)
EVENTS = ("app_home_opened", "app_mention", "message.channels", "message.groups", "message.im", "message.mpim")


def manifest(language: str) -> str:
    """Return the manifest as YAML with comments (docs.slack.dev/reference/app-manifest)."""
    lines = []
    for line in yaml.safe_dump(_fields(language), allow_unicode=True, sort_keys=False, width=1000).splitlines():
        scope = line.strip().removeprefix("- ")
        lines.append(f"{line}  # {reason(scope, language)}" if scope in SCOPES else line)
    top = (f"# {say(name, language)}" for name in ("manifest_intro", "manifest_app_token"))
    return "\n".join((*top, *lines)) + "\n"


def reason(scope: str, language: str) -> str:
    """Say what a scope is for."""
    return say(f"scope_{scope.replace(':', '_')}", language)


def _fields(language: str) -> dict[str, object]:
    return {
        "display_information": {
            "name": "Lotse",
            "description": say("manifest_description", language),
            "background_color": "#1f3a5f",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Lotse", "always_online": True},
            "agent_view": {
                "agent_description": say("manifest_agent", language),
            },
            "slash_commands": [
                {
                    "command": COMMAND,
                    "description": say("manifest_command", language),
                    "usage_hint": say("manifest_usage", language),
                    "should_escape": False,
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True},
            "org_deploy_enabled": False,
            "socket_mode_enabled": True,
            "token_rotation_enabled": False,
        },
    }
