"""What works rounds out, in a process of its own (`python -m bot.pairing.engine`): here alone numpy is loaded."""
