"""What happens when we fail: one kind sentence with a reference, and the exception in the log beside it."""

import logging
import secrets

log = logging.getLogger(__name__)


def told(error: BaseException, slack_id: str | None, doing: str) -> str:
    """Logs the failure and returns what to tell the person. Nothing of the exception reaches them.

    The exception's own text may hold what a person wrote, so only its type and the lines it passed are logged.
    """
    reference = secrets.token_hex(4)
    log.error(
        "failed reference=%s person=%s doing=%s error=%s at=%s",
        reference,
        slack_id,
        doing,
        type(error).__name__,
        where(error),
    )
    return (
        "Sorry, something went wrong on our side. "
        f"Please try again in a minute. If it stays, tell your coordinator this reference: {reference}."
    )


def where(error: BaseException) -> str:
    """The lines of code the exception passed, innermost last."""
    lines = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        lines.append(f"{code.co_filename.rsplit('/', 2)[-1]}:{trace.tb_lineno}:{code.co_name}")
        trace = trace.tb_next
    return " > ".join(lines[-6:])
