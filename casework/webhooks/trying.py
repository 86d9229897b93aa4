"""Try a webhook out: a message that tells of nothing, posted at once."""

from secrets import token_hex

from sqlalchemy import insert

from casework.office import Office
from casework.webhooks.messages import trial_message
from casework.webhooks.rotating import receiver_of
from casework.webhooks.sending import receipt_row
from casework.webhooks.store import Hand, administrator, find_webhook
from models.tables import WEBHOOK_RECEIPTS
from notifications.hooks import Hooks
from notifications.receipts import Receipt


def try_webhook(office: Office, hooks: Hooks, name: str, hand: Hand) -> Receipt:
    """Post a test to a webhook, paused or given up too; return what the other side said.

    What waits for it waits on. Raise NotFound, Refused.
    """
    with office.reading() as connection:
        administrator(connection, hand.by)
        row = find_webhook(connection, name)
    message = trial_message(f"test_{token_hex(16)}", hand.at)
    receipt = hooks.send(receiver_of(row, hand.at), message.name, message.content, at=hand.at)
    with office.writing() as connection:
        connection.execute(insert(WEBHOOK_RECEIPTS), receipt_row(row.id, message, receipt, hand.at))
    return receipt
