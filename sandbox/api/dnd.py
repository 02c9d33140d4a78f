"""Who has their notifications off."""

from sandbox.api.call import Call, Refusal, method
from sandbox.records import Json

MOST = 50
NEVER = 1  # what Slack says for both ends where there is no window


@method("dnd.teamInfo", "dnd:read")
def team_info(call: Call) -> Json:
    """The window that is on or comes next, for each. Slack tells no more of people than that."""
    users = [user for user in call.text("users").split(",") if user]
    if not users:
        raise Refusal("no_users_provided")
    if len(users) > MOST:
        raise Refusal.of_arguments(f"no more than {MOST} users [json-pointer:/users]")
    if any(user not in call.workspace.people for user in users):
        raise Refusal("user_not_visible")
    return {"users": {user: _window(call, user) for user in users}}


def _window(call: Call, user: str) -> Json:
    begins, ends = call.workspace.rests.get(user, (NEVER, NEVER))
    if ends <= call.now.timestamp():
        return {"dnd_enabled": False, "next_dnd_start_ts": NEVER, "next_dnd_end_ts": NEVER}
    return {"dnd_enabled": True, "next_dnd_start_ts": begins, "next_dnd_end_ts": ends}
